import { type Dispatcher, getGlobalDispatcher, request as undiciRequest } from 'undici';
import { type AppError, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Clock } from './clock.ts';
import { faultOf } from './fault.ts';
import { type HostRules, judge } from './host-rules.ts';
import { LinkRefused } from './link-refused.ts';
import { publicDispatcher } from './public-dispatcher.ts';
import { isRedirect, redirectTarget } from './redirects.ts';
import { flatten, type HttpAnswer, type HttpLimits } from './request.ts';
import { parseHttpDate } from './retry-after.ts';
import { statusError } from './status-error.ts';

export type StreamRequest = {
  /** the account's own address, or one out of a provider's data */
  url: URL;
  rules: HostRules;
  /** sent to every host on the way */
  headers?: Readonly<Record<string, string>>;
  /** headers for the account's origin alone; once a redirect has left it they are not sent again, not even back there */
  credentials?: Readonly<Record<string, string>>;
  limits?: Partial<Pick<HttpLimits, 'headersMs' | 'bodyMs'>>;
  /** ends it, also in the middle of the body: there is no other limit to the time of the whole */
  signal?: AbortSignal;
  /** called before each sending, redirects too; `withCredentials` says whether the account's API is asked */
  beforeSend?: (withCredentials: boolean) => Promise<void>;
  /** called with each answer, whatever its status; its body is empty */
  onAnswer?: (answer: HttpAnswer, withCredentials: boolean) => Promise<void>;
};

/** An answer whose body is still on its way. */
export type StreamAnswer = Omit<HttpAnswer, 'body'> & {
  /** the bytes as they come, once. Throws ProviderUnavailable when the connection fails. */
  body: AsyncIterable<Buffer>;
  /** the address that answered, behind all redirects */
  url: URL;
  /** lets go of the body, read or not */
  discard: () => void;
};

const maxRedirects = 3;
const defaultLimits = { headersMs: 30_000, bodyMs: 30_000 };
/** A body that nobody wants is read this far and this long to keep the connection; then it is cut. */
const maxDiscardedBytes = 64 * 1024;
const maxDiscardMs = 1_000;

/**
 * One GET for bytes, never inflated and not read yet: a 200, 206 or 416. Follows at most three redirects, each judged
 * anew (host-rules.ts). Throws HostRefused; LinkRefused where a host refuses what came without credentials; else by
 * status as statusError does; ProviderUnavailable (network, time-out); ResponseInvalid (a further redirect, one to
 * nowhere, an encoded body, whose lengths and ranges would mean nothing). Errors name hosts only, since a link's path is
 * as secret as its query. `outside` serves hosts that nobody named.
 */
export async function openStream(
  request: StreamRequest,
  clock: Clock,
  outside: Dispatcher = publicDispatcher,
): Promise<StreamAnswer> {
  let { url } = request;
  let left = false;
  for (let redirects = 0; ; redirects += 1) {
    const dispatcher = judge(url, request.rules) === 'trusted' ? getGlobalDispatcher() : outside;
    left ||= url.origin !== request.rules.origin;
    const credentials = left ? undefined : request.credentials;
    const label = `GET ${url.host}`;
    await request.beforeSend?.(credentials !== undefined);
    const answer = await sendOnce({ ...request, url, credentials }, dispatcher, clock);
    try {
      const { status, headers, sentAt, servedAt } = answer;
      const head: HttpAnswer = { status, headers, sentAt, servedAt, body: Buffer.alloc(0) };
      await request.onAnswer?.(head, credentials !== undefined);
      if (!isRedirect(status)) {
        refuse(head, label, credentials !== undefined);
        return answer;
      }
      if (redirects === maxRedirects) throw new ResponseInvalid(`${label}: more than ${maxRedirects} redirects`);
      url = redirectTarget(url, headers, label);
    } catch (error) {
      answer.discard();
      throw error;
    }
    answer.discard();
  }
}

async function sendOnce(
  { url, headers, credentials, limits, signal }: StreamRequest,
  dispatcher: Dispatcher,
  clock: Clock,
): Promise<StreamAnswer> {
  const { headersMs, bodyMs } = { ...defaultLimits, ...limits };
  const label = `GET ${url.host}`;
  const sentAt = clock.now();
  try {
    const response = await undiciRequest(url, {
      dispatcher,
      method: 'GET',
      headers: { 'user-agent': 'earshot', accept: '*/*', ...headers, ...credentials, 'accept-encoding': 'identity' },
      headersTimeout: headersMs,
      bodyTimeout: bodyMs,
      ...(signal && { signal }),
    });
    const { body } = response;
    const answered = flatten(response.headers);
    return {
      status: response.statusCode,
      headers: answered,
      sentAt,
      servedAt: parseHttpDate(answered['date']) ?? sentAt,
      url,
      body: readable(body, label),
      discard: () => {
        const ended = { limit: maxDiscardedBytes, signal: AbortSignal.timeout(maxDiscardMs) };
        body.dump(ended).catch(() => undefined);
      },
    };
  } catch (error) {
    throw faultOf(error, label);
  }
}

async function* readable(body: AsyncIterable<Buffer>, label: string): AsyncGenerator<Buffer, void> {
  try {
    yield* body;
  } catch (error) {
    throw faultOf(error, label);
  }
}

/** Throws what the answer makes the caller do, unless its bytes are to be read. */
function refuse(answer: HttpAnswer, label: string, withCredentials: boolean): void {
  const { status, headers } = answer;
  if (status === 416) return;
  const linkRefused = !withCredentials && (status === 400 || status === 401 || status === 403);
  if (linkRefused) throw new LinkRefused(`${label}: ${status}`);
  const error: AppError | null = status === 206 ? null : statusError(label, answer);
  if (error) throw error;
  if (status !== 200 && status !== 206) throw new ResponseInvalid(`${label}: ${status} where bytes were expected`);
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw new ResponseInvalid(`${label}: content encoding not asked for`);
}
