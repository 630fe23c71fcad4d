import type { SignatureScheme } from '#shared/providers/webhook.ts';
import type { Incoming } from './incoming.ts';
import type { Refusal } from './refusals.ts';

/** Longest body (bytes): with base64 around it, it still fits the 6 MB that Lambda takes. */
const mostBytes = 4 * 1024 ** 2;

/**
 * What is wrong with a request before anybody looks at its signature, or null. A body without a type is looked at: it is
 * JSON or it is not.
 */
export function lookOver(
  { method, headers, body }: Incoming,
  { types }: Pick<SignatureScheme, 'types'>,
): Refusal | null {
  if (method !== 'POST') return 'method';
  const { 'content-encoding': encoding = 'identity', 'content-type': type = 'application/json' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') return 'encoding';
  const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (essence !== 'application/json' && !types.includes(essence)) return 'type';
  return body.length > mostBytes ? 'tooLarge' : null;
}
