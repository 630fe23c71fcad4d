import { jsonAnswer, type Request, type TextAnswer } from '../../http/request.ts';
import { versionProblem } from './problems.ts';

const versions = [1, 2, 3];

/** The version of the API that `Accept` names. Throws a 400 without one that we speak. */
export function versionOf({ path, headers }: Request): number {
  const named = /application\/vnd\.newvoicemedia\.v(\d{1,9})\+json/i.exec(headers['accept'] ?? '')?.[1];
  if (named === undefined) {
    const expected = 'An API version is required: Accept: application/vnd.newvoicemedia.v3+json.';
    throw versionProblem(path, 'ApiVersionUnspecified', expected);
  }
  const version = Number(named);
  if (versions.includes(version)) return version;
  throw versionProblem(path, 'UnsupportedApiVersion', `Versions ${versions.join(', ')} are supported.`);
}

export const typeOf = (version: number): string => `application/vnd.newvoicemedia.v${version}+json`;

/** JSON of the version that was asked for. */
export const versionedAnswer = (value: unknown, version: number): TextAnswer =>
  jsonAnswer(value, { 'content-type': typeOf(version), vary: 'Accept' });
