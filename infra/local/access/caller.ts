import { AwsError } from '#infra/local/aws-error.ts';
import type { Access } from './access.ts';
import type { Ask } from './grants.ts';

/** The access key id that a request is signed with: the signature itself is not looked at. Empty where there is none. */
export const callerOf = (authorization: string | undefined): string =>
  /\bCredential=([^/,\s]+)\//.exec(authorization ?? '')?.[1] ?? '';

/** What AWS says to somebody who may not do what was asked. */
export const denialText = (name: string, { action, resource }: Ask): string =>
  `${name} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

export const unknownCaller = 'The security token included in the request is invalid.';

/** Throws UnrecognizedClientException or AccessDeniedException, as the services of the JSON protocol do. */
export function requireRights(access: Access, name: string, asks: readonly Ask[]): void {
  if (!access.knows(name)) throw new AwsError('UnrecognizedClientException', unknownCaller, 403);
  for (const ask of asks) {
    if (!access.may(name, ask)) throw new AwsError('AccessDeniedException', denialText(name, ask), 403);
  }
}
