import { hash } from 'node:crypto';
import type { StoredConversation } from './conversation.ts';

/**
 * Hash of a conversation's content (16 bytes): everything the provider said and the artifacts' states, and nothing that
 * moves by itself. Equal content gives equal bytes whatever the order of keys in what is the provider's own, so a record
 * seen again unchanged is known without reading more than this. `transcript` is its columns' text.
 */
export function contentHash(conversation: StoredConversation, transcript: string | null): Buffer {
  const { artifacts, sentiment, metadata } = conversation;
  const states = Object.keys(artifacts)
    .sort()
    .map((kind) => {
      const { state, reason } = artifacts[kind] ?? { state: 'pending' };
      // Why it is pending says how the asking went, not what the provider has.
      return state === 'pending' ? [kind, state] : [kind, state, reason ?? null];
    });
  // Where its bytes lie is ours; which of a file's revisions was copied says nothing that the bytes do not.
  const media = conversation.media.map(({ key, kind, contentType, bytes, sha512 }) => [
    key,
    kind,
    contentType,
    bytes,
    sha512,
  ]);
  const text = JSON.stringify([
    plainFields.map((field) => conversation[field]),
    states,
    sorted(sentiment),
    sorted(metadata),
    ...(media.length > 0 ? [media] : []),
  ]);
  return hash('sha256', `${text}\n${transcript ?? ''}`, 'buffer').subarray(0, 16);
}

/** The fields whose values have their keys in one order, because our own code wrote them. */
const plainFields = [
  'source',
  'channel',
  'direction',
  'status',
  'title',
  'language',
  'startedAt',
  'endedAt',
  'durationMs',
  'providerCreatedAt',
  'providerUpdatedAt',
  'participants',
  'categories',
  'talkTime',
  'summary',
] as const satisfies readonly (keyof StoredConversation)[];

/** The same JSON value with the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const object: Record<string, unknown> = { __proto__: null };
  for (const key of Object.keys(value).sort()) object[key] = sorted((value as Record<string, unknown>)[key]);
  return object;
}
