import {
  type AppError,
  CredentialsRejected,
  NotAtProvider,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import type { HttpAnswer } from './request.ts';
import { rateLimitPauseMs } from './retry-after.ts';

/** What a status makes the caller do next, or null where the answer is one to read. */
export function statusError(label: string, answer: HttpAnswer): AppError | null {
  const { status } = answer;
  const message = `${label}: ${status}`;
  if (status >= 200 && status <= 203) return null;
  if (status === 401) return new CredentialsRejected(message);
  if (status === 403) return new PermissionMissing(message);
  if (status === 404 || status === 410) return new NotAtProvider(message);
  if (status === 429) {
    return new RateLimited(message, rateLimitPauseMs(answer.headers['retry-after'], answer.servedAt));
  }
  if (status >= 500 || status === 408) return new ProviderUnavailable(message, status);
  if (status >= 400) return new RequestRejected(message, status);
  if (status >= 300) return new ResponseInvalid(`${message}: redirects are not followed`);
  return new ResponseInvalid(`${message}: no content where an answer was expected`);
}
