import './dispatcher.ts';
import { getGlobalDispatcher, request as undiciRequest } from 'undici';
import { ProviderUnavailable } from '#shared/domain/errors.ts';
import type { Clock } from './clock.ts';
import { faultOf } from './fault.ts';
import { acceptEncoding, readBody } from './read-body.ts';
import { parseHttpDate, parseRetryAfter } from './retry-after.ts';

/** Lengths in milliseconds; connecting has a limit of its own (dispatcher.ts). */
export type HttpLimits = {
  /** from the request to the answer's headers */
  headersMs: number;
  /** longest silence in the body */
  bodyMs: number;
  /** for everything, repeats and pauses included: ends a body that trickles */
  totalMs: number;
  /** most bytes of a body, both as sent and after inflating */
  maxBytes: number;
};

const defaultLimits: HttpLimits = { headersMs: 30_000, bodyMs: 30_000, totalMs: 60_000, maxBytes: 32 * 1024 ** 2 };

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** whether it may be sent again after a fault; a GET always may */
  repeatable?: boolean;
  limits?: Partial<HttpLimits>;
  /** called before each sending, repeats too: what it throws ends the request */
  beforeSend?: () => Promise<void>;
  /** called with each answer, whatever its status */
  onAnswer?: (answer: HttpAnswer) => Promise<void>;
};

/** Names in lower case; a repeated header is joined with a comma. */
export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

export type HttpAnswer = {
  status: number;
  headers: AnswerHeaders;
  /** inflated; empty where an error's body could not be read */
  body: Buffer;
  /** our clock when it was sent (milliseconds since 1970) */
  sentAt: number;
  /** the provider's clock (`Date` header), else `sentAt` */
  servedAt: number;
};

/** How errors name a request: without its query, which may hold names and numbers of people. */
export const labelOf = ({ method, url }: HttpRequest): string => `${method} ${url.host}${url.pathname.slice(0, 200)}`;

const maxRepeats = 2;
const repeatedStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const longestAskedPauseMs = 5_000;
/** An error's body is only read for its code and to keep the connection. */
const maxErrorBytes = 64 * 1024;

/**
 * One request through the global dispatcher, repeated at most twice where it may be; no redirect is followed. Gives
 * the answer whatever its status. Throws ProviderUnavailable (network, time-out) and ResponseInvalid (body too large,
 * cut or in a strange encoding).
 */
export async function send(request: HttpRequest, clock: Clock): Promise<HttpAnswer> {
  const limits = { ...defaultLimits, ...request.limits };
  const deadline = clock.now() + limits.totalMs;
  for (let repeats = 0; ; repeats += 1) {
    await request.beforeSend?.();
    const outcome = await sendOnce(request, limits, Math.max(1, deadline - clock.now()), clock);
    if (!(outcome instanceof Error)) await request.onAnswer?.(outcome);
    const pause = pauseBeforeRepeat(request, outcome, repeats, clock);
    if (pause === null || clock.now() + pause >= deadline) {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    }
    await clock.sleep(pause);
  }
}

async function sendOnce(
  request: HttpRequest,
  limits: HttpLimits,
  leftMs: number,
  clock: Clock,
): Promise<HttpAnswer | ProviderUnavailable> {
  const label = labelOf(request);
  const sentAt = clock.now();
  try {
    const response = await undiciRequest(request.url, {
      dispatcher: getGlobalDispatcher(),
      method: request.method,
      headers: { 'accept-encoding': acceptEncoding, 'user-agent': 'earshot', ...request.headers },
      body: request.body ?? null,
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.bodyMs,
      signal: AbortSignal.timeout(leftMs),
    });
    const status = response.statusCode;
    const headers = flatten(response.headers);
    const reading = readBody(response.body, {
      label,
      encoding: headers['content-encoding'],
      contentLength: headers['content-length'],
      maxBytes: status < 400 ? limits.maxBytes : maxErrorBytes,
    });
    // An error status stands, whatever becomes of its body.
    const body = await (status < 400 ? reading : reading.catch(() => Buffer.alloc(0)));
    return { status, headers, body, sentAt, servedAt: parseHttpDate(headers['date']) ?? sentAt };
  } catch (error) {
    const fault = faultOf(error, label);
    if (fault instanceof ProviderUnavailable) return fault;
    throw fault;
  }
}

/** Milliseconds to wait, or null where the outcome stands. */
function pauseBeforeRepeat(
  request: HttpRequest,
  outcome: HttpAnswer | ProviderUnavailable,
  repeats: number,
  clock: Clock,
): number | null {
  if (repeats >= maxRepeats || !(request.repeatable ?? request.method === 'GET')) return null;
  if (!(outcome instanceof Error)) {
    if (!repeatedStatuses.has(outcome.status)) return null;
    const asked = outcome.status === 503 ? parseRetryAfter(outcome.headers['retry-after'], outcome.servedAt) : null;
    if (asked !== null) return asked <= longestAskedPauseMs ? asked : null;
  }
  return 250 * 2 ** repeats * (0.5 + clock.random());
}

/** undici's headers as ours. */
export function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): AnswerHeaders {
  const flat: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
