import { ResponseInvalid } from '#shared/domain/errors.ts';
import type { AnswerHeaders } from './request.ts';

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const isRedirect = (status: number): boolean => redirects.has(status);

/** Where an answer from `url` sends us. Throws ResponseInvalid where it names no address. */
export function redirectTarget(url: URL, headers: AnswerHeaders, label: string): URL {
  const location = headers['location'];
  const target = location ? URL.parse(location, url.href) : null;
  if (target === null) throw new ResponseInvalid(`${label}: a redirect to nowhere`);
  return target;
}
