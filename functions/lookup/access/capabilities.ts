import type { Scope } from '#shared/domain/connections.ts';

/** What a caller may do. Scopes are names for sets of these, the providers' names among them. */
export type Capability = 'records' | 'content' | 'media' | 'operations';

const granted: Readonly<Record<Scope, readonly Capability[]>> = {
  'conversations:read': ['records'],
  'interaction-content:read': ['records', 'content', 'media'],
  'operations:write': ['operations'],
  'interactions-public:read': ['records', 'content'],
  'recordings:read': ['media'],
};

/** The scope to ask for where a capability is missing. */
export const scopeOf: Readonly<Record<Capability, Scope>> = {
  records: 'conversations:read',
  content: 'interaction-content:read',
  media: 'interaction-content:read',
  operations: 'operations:write',
};

export const isScope = (text: string): text is Scope => Object.hasOwn(granted, text);

export const capabilitiesOf = (scopes: readonly Scope[]): ReadonlySet<Capability> =>
  new Set(scopes.flatMap((scope) => granted[scope]));
