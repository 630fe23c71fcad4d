import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { ProviderName, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { participantRoles } from '#shared/domain/participant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { contentOf, epoch, recordOf } from '#test/support/records.ts';

/** What tests of the writers write: records as an ingest of a provider's answers stores them, and invented foreign ones. */

export function storedOf(provider: ProviderName, normalized: Normalized, now = epoch): StoredRecord {
  const expectation = expectationOf({ media: true }, findConnector(provider)?.promised ?? []);
  const identity = identify(provider, 'acme', normalized.externalId);
  const merged = mergeRecord(null, { ...normalized, sentAt: now }, { identity, expectation, now });
  return nextVersion(null, merged, expectation, now);
}

/** The whole records of every fixture of a provider. */
export function goldenRecords(provider: ProviderName): Normalized[] {
  const folder = new URL(`../fixtures/${provider}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.expected.json'));
  const all = files.flatMap((file): Normalized[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
  return all.filter(({ scope }) => scope === 'whole');
}

const word = fc.string({ unit: fc.constantFrom(...'abc dé日'), minLength: 1, maxLength: 8 }).map((text) => `x${text}x`);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const instant = fc.integer({ min: 0, max: 1_000_000_000 }).map((ms) => formatInstant(epoch + ms));
const ms = maybe(fc.nat(9_999_999));

const participant = fc.record({
  id: maybe(fc.constantFrom('2071', 'b', 'c')),
  role: fc.constantFrom(...participantRoles),
  name: maybe(word),
  phone: maybe(fc.constantFrom('+441632960111', '+441632960222')),
  email: maybe(fc.constantFrom('ada@example.com', 'bo@example.com')),
});

/** A conversation of a provider that is not the dialect's, with a transcript that its participants speak. */
export const foreignRecord: fc.Arbitrary<StoredRecord> = fc
  .record({
    content: fc.record({
      title: maybe(word),
      language: maybe(fc.constantFrom('en-GB', 'de-DE')),
      startedAt: maybe(instant),
      endedAt: maybe(instant),
      durationMs: ms,
      direction: fc.constantFrom('inbound', 'outbound', 'internal', 'unknown'),
      status: fc.constantFrom('inProgress', 'completed', 'missed', 'busy', 'failed', 'canceled', 'unknown'),
      summary: maybe(word),
      participants: fc.array(participant, { maxLength: 4 }),
    }),
    turns: fc.array(fc.record({ participant: maybe(fc.nat(3)), text: word, startMs: ms, endMs: ms }), {
      minLength: 1,
      maxLength: 5,
    }),
    external: word,
  })
  .map(({ content, turns, external }) => {
    const { participants } = content;
    const spoken = turns.map(({ participant: given, ...turn }) => {
      const place = given !== null && given < participants.length ? given : null;
      const role = place === null ? 'unknown' : (participants[place]?.role ?? 'unknown');
      return { ...turn, participant: place, role, sentiment: null, intent: null };
    });
    const transcript = makeTranscript(content.language, spoken);
    return recordOf(external, { content: contentOf(content as Partial<StoredConversation>), transcript });
  });
