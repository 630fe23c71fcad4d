import type { FakeAnswer } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';

const messages: Readonly<Record<number, string>> = {
  401: 'Authorization has been denied for this request.',
  403: 'Access to this resource is forbidden.',
  404: 'The requested resource was not found.',
  429: 'Too many requests.',
  500: 'An error has occurred.',
};

/** What the vendor's sample reads of an error. The texts are not documented. */
export function apiError(status: number, message = messages[status] ?? 'The request is invalid.'): FakeAnswer {
  return jsonAnswer(status, { message });
}

export type VersionFault = 'ApiVersionUnspecified' | 'UnsupportedApiVersion';

/** A version that is missing or unknown; the second text leaks an internal address, as documented. */
export function versionError(code: VersionFault): FakeAnswer {
  const message =
    code === 'ApiVersionUnspecified'
      ? 'An API version is required, but was not specified.'
      : "The HTTP resource that matches the request URI 'http://internal.example/interactions' is not supported.";
  return jsonAnswer(400, { error: { code, message, innerError: null } });
}
