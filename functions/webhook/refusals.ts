type Answer = { status: number; code: string; message: string; headers?: Readonly<Record<string, string>> };

const unknownPath = { status: 404, code: 'notFound', message: 'There is no such webhook.' };
const wrongType = { status: 415, code: 'unsupportedMediaType' };
/** One answer for all: what is wrong with a signature is nothing for who cannot make one. */
const notGenuine = {
  status: 401,
  code: 'unauthorized',
  message: 'The signature is missing, wrong or not of this time.',
  headers: { 'www-authenticate': 'Webhook' },
};

/**
 * Why a delivery is not taken, as log and metric name it, and what its sender is told, in the shape of design.md section 4.
 * Constant texts: nothing that was sent comes back.
 */
export const refusals = {
  notFound: unknownPath,
  method: {
    status: 405,
    code: 'methodNotAllowed',
    message: 'A webhook answers to POST only.',
    headers: { allow: 'POST' },
  },
  encoding: { ...wrongType, message: 'The body must be sent without a content encoding.' },
  type: { ...wrongType, message: 'The body must be JSON, of a type that this webhook takes.' },
  tooLarge: { status: 413, code: 'tooLarge', message: 'The body may have 4 MiB at most.' },
  unsigned: notGenuine,
  signature: notGenuine,
  time: notGenuine,
  // RFC 9110 has this status for what looking at the data shows, too.
  notJson: { ...wrongType, message: 'The body is not JSON in UTF-8.' },
  unavailable: {
    status: 503,
    code: 'unavailable',
    message: 'The delivery could not be kept. Send it again.',
    headers: { 'retry-after': '15' },
  },
} as const satisfies Readonly<Record<string, Answer>>;

export type Refusal = keyof typeof refusals;
