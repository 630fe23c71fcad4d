import { readFileSync } from 'node:fs';
import type { ProviderName, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import { mediaArtifact } from '#shared/domain/media.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { findConnector } from '#shared/providers/registry.ts';

/**
 * One stored conversation of each provider, as the connector makes it of the examples in the provider's own documents
 * (the seeds): the contract tests hold these files to the normalizers.
 */

const seeds = {
  vonage: { file: 'vonage/interactions.seed', connection: 'support-emea' },
  talkdesk: { file: 'talkdesk/interactions.seed', connection: 'support' },
  salesloft: { file: 'salesloft/conversations.seed', connection: 'sales' },
  magpipe: { file: 'magpipe/calls.seed', connection: 'voice-agent' },
} as const;
export type Seeded = keyof typeof seeds;

/** What the records' bytes hold in this world. */
export const fileBytes = Buffer.from('RIFF and so on: bytes of a file');

/** The records of a provider's seed, stored at `now` with the bytes of their files. */
export function seedRecords(provider: Seeded, now: number): StoredRecord[] {
  const { file, connection } = seeds[provider];
  const path = new URL(`../../fixtures/${file}.expected.json`, import.meta.url);
  const normalized: Normalized[] = JSON.parse(readFileSync(path, 'utf8'));
  return normalized.map((one) => stored(provider, connection, one, now));
}

function stored(provider: ProviderName, connection: string, normalized: Normalized, now: number): StoredRecord {
  const expectation = expectationOf({ media: true }, findConnector(provider)?.promised ?? []);
  const identity = identify(provider, connection, normalized.externalId);
  const merged = mergeRecord(null, { ...normalized, sentAt: now }, { identity, expectation, now });
  return nextVersion(null, { ...merged, conversation: withBytes(merged.conversation, now) }, expectation, now);
}

function withBytes(conversation: StoredConversation, now: number): StoredConversation {
  const at = new Date(now).toISOString();
  const media = conversation.files.map(({ key, kind, contentType }) => ({
    ...{ key, kind, contentType: contentType ?? 'audio/mpeg', bytes: fileBytes.length },
    sha512: 'ab'.repeat(64),
    object: `media/${conversation.uuid}/${Buffer.from(key).toString('hex')}/1`,
  }));
  const ready = media.map(({ key }) => [mediaArtifact(key), { state: 'ready' as const, at }] as const);
  return { ...conversation, media, artifacts: { ...conversation.artifacts, ...Object.fromEntries(ready) } };
}
