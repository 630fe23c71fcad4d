import type { FakeAnswer } from '#infra/local/fakes/exchange.ts';
import {
  contentType,
  forbidden,
  html,
  neverAnswers,
  noContent,
  redirect,
  resetAfter,
  status,
  tooMany,
  truncated,
  truncatedGzip,
} from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import type { AppError } from '#shared/domain/errors.ts';

/** Misbehaviour of a provider that leaves a page unread, and what a run makes of it. */
export type ListFault = {
  name: string;
  fault: Fault;
  /** the error that ends the run, by its code */
  code: AppError['code'];
  /** sendings until the run gives up: faults that may pass are tried again */
  sendings: number;
  /** how long nobody may ask (milliseconds); null where the provider does not say: until its next minute */
  waitMs?: number | null;
};

const refused = (name: string, code: AppError['code'], fault: Fault): ListFault => ({ name, fault, code, sendings: 1 });
const garbled = (name: string, fault: Fault): ListFault => refused(name, 'ResponseInvalid', fault);
const down = (name: string, fault: Fault): ListFault => ({ name, fault, code: 'ProviderUnavailable', sendings: 3 });
const waiting = (name: string, fault: Fault, waitMs: number | null): ListFault => {
  return { name, fault, code: 'RateLimited', sendings: 1, waitMs };
};

/** A field that is nested far deeper than anything a provider means, in front of the first one. */
const tooDeep: Fault = {
  name: 'deep nesting',
  edit: (answer) => withField(answer, `"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},`),
};

/** The first field twice, the first time with nothing in it: the later one counts (RFC 8259 leaves it open). */
export const duplicateKeys: Fault = {
  name: 'duplicate keys',
  edit: (answer) => withField(answer, `${/^\s*\[?\s*\{\s*("[^"]*":)/.exec(String(answer.body))?.[1] ?? '"x":'}null,`),
};

function withField(answer: FakeAnswer, field: string): FakeAnswer {
  return { ...answer, body: String(answer.body).replace('{', `{${field}`) };
}

export const listFaults: readonly ListFault[] = [
  refused('403', 'PermissionMissing', forbidden()),
  refused('404', 'NotAtProvider', status(404)),
  refused('410', 'NotAtProvider', status(410)),
  refused('400', 'RequestRejected', status(400)),
  refused('422', 'RequestRejected', status(422, {}, '{"errors":{}}')),
  waiting('429 with seconds', tooMany('7'), 7_000),
  waiting('429 with a huge wait', tooMany('86400'), 3_600_000),
  waiting('429 with nonsense', tooMany('soon'), null),
  waiting('429 without a word', tooMany(), null),
  down('500', status(500)),
  down('an HTML page with 503', html(503)),
  down('a time limit at the provider', status(504)),
  down('a connection reset before the answer', resetAfter(-1)),
  down('a connection reset in the body', resetAfter(9)),
  // The time limit is for all sendings together.
  { ...down('no answer in time', neverAnswers), sendings: 1 },
  garbled('an HTML page with 200', html()),
  garbled('JSON cut short', truncated(20)),
  garbled('gzip cut short', truncatedGzip()),
  garbled('another type than JSON', contentType('application/xml')),
  garbled('an empty body', status(200, { 'content-type': 'application/json' })),
  garbled('no content', noContent()),
  garbled('a redirect to another host', redirect('https://elsewhere.example/')),
  garbled('nesting without end', tooDeep),
];
