/** One parameter that was wrong and what was expected of it. Never its value. */
export type FieldFault = { name: string; description: string };

/** Why a request cannot be answered as asked, in the shape of design.md section 4. */
export type Fault = { code: string; message: string; description?: string; fields?: readonly FieldFault[] };

/**
 * A request that cannot be answered as asked: its status, its fault and its headers. A dialect says the fault in its
 * provider's own shape; what is no fault in that shape, such as an OAuth error, brings its whole `body`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly fault: Fault;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  constructor(status: number, fault: Fault, headers: Readonly<Record<string, string>> = {}, body?: unknown) {
    super(fault.code);
    this.status = status;
    this.fault = fault;
    this.headers = headers;
    this.body = body;
  }
}

/** How an address says what is wrong: the body of a problem that brings none of its own. */
export type WriteProblem = (problem: Problem) => unknown;

/** Longest part of a caller's own parameter name that an error repeats. */
const longestName = 64;

/** A 400 that names each parameter once, with the first thing that was wrong with it. */
export function badParameters(faults: readonly FieldFault[]): Problem {
  const fields = new Map<string, FieldFault>();
  for (const { name, description } of faults) {
    const shown = name.slice(0, longestName).toWellFormed();
    if (!fields.has(shown)) fields.set(shown, { name: shown, description });
  }
  const message = 'A parameter is not valid.';
  return new Problem(400, { code: 'invalidParameters', message, fields: [...fields.values()] });
}

export const unauthorized = (presented: boolean): Problem =>
  new Problem(
    401,
    { code: 'unauthorized', message: presented ? 'The token is not valid.' : 'A bearer token is needed.' },
    { 'www-authenticate': `Bearer realm="earshot"${presented ? ', error="invalid_token"' : ''}` },
  );

export const forbidden = (scope: string): Problem =>
  new Problem(
    403,
    { code: 'forbidden', message: `The scope ${scope} is needed.` },
    { 'www-authenticate': `Bearer realm="earshot", error="insufficient_scope", scope="${scope}"` },
  );

type Named = 'path' | 'conversation' | 'connection' | 'media' | 'operation' | 'quarantined record';

/** The one answer for what does not exist and for what the caller may not see. */
export const notFound = (what: Named): Problem =>
  new Problem(404, { code: 'notFound', message: `There is no such ${what}.` });

export const transcriptMissing = (): Problem =>
  new Problem(404, { code: 'notFound', message: 'The conversation has no transcript now.' });

export const methodNotAllowed = (allow: readonly string[]): Problem =>
  new Problem(
    405,
    { code: 'methodNotAllowed', message: 'The path does not answer to this method.' },
    { allow: allow.join(', ') },
  );

export const notAcceptable = (types: readonly string[]): Problem =>
  new Problem(406, { code: 'notAcceptable', message: `Available: ${types.join(', ')}.` });

/** What is done would reach beyond the connections that the client is limited to. */
export const forbiddenToLimited = (): Problem =>
  new Problem(403, {
    code: 'forbidden',
    message: 'The client is limited to connections, and this is of all of them.',
  });

/** `state` is one of ours. */
export const alreadyEnded = (state: string): Problem =>
  new Problem(409, { code: 'operationEnded', message: `The operation is ${state}.` });

/** What is asked for would wait for polls that do not come. */
export const connectionStopped = (): Problem =>
  new Problem(409, { code: 'connectionStopped', message: 'The connection is paused or removed: nothing reads it.' });

/** It is of a kind of which half is worth less than all or nothing. */
export const alreadyBegun = (): Problem =>
  new Problem(409, { code: 'operationBegun', message: 'The operation has begun and is finished now.' });

/** `most` in bytes. */
export const bodyTooLarge = (most: number): Problem =>
  new Problem(413, { code: 'bodyTooLarge', message: `Expected at most ${most} bytes.` });

export const unsupportedMediaType = (type: string): Problem =>
  new Problem(415, { code: 'unsupportedMediaType', message: `Expected a body of ${type}, not packed.` });

/** The client has used up its minute; `seconds` until the next one. */
export const tooManyRequests = (seconds: number): Problem =>
  new Problem(
    429,
    { code: 'tooManyRequests', message: 'The client has used up its requests of this minute.' },
    { 'retry-after': String(seconds) },
  );

/** Nobody reads unseen: what cannot be noted is not sent. */
export const readingNotNoted = (): Problem =>
  new Problem(503, {
    code: 'readingNotNoted',
    message: 'The reading could not be noted, so nothing is sent. Try again.',
  });

export const preconditionFailed = (): Problem =>
  new Problem(412, { code: 'preconditionFailed', message: 'The file is not the one that If-Match names.' });

/** `size` in bytes. */
export const rangeNotSatisfiable = (size: number): Problem =>
  new Problem(
    416,
    { code: 'rangeNotSatisfiable', message: `The file has ${size} bytes, and none of those asked for.` },
    { 'content-range': `bytes */${size}`, 'accept-ranges': 'bytes' },
  );

/** Without any detail: what went wrong stands in the log. */
export const internalError = (): Problem =>
  new Problem(500, { code: 'internalError', message: 'The request failed on our side. Try again.' });

export const oauthProblem = (status: 400 | 401, error: string, description: string): Problem =>
  new Problem(
    status,
    { code: error, message: description },
    { 'cache-control': 'no-store', ...(status === 401 && { 'www-authenticate': 'Basic realm="earshot"' }) },
    { error, error_description: description },
  );
