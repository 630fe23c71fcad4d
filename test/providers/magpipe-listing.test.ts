import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import type { MagpipeSettings } from '#infra/local/fakes/magpipe/settings.ts';
import type { Content, StoredRecord } from '#shared/domain/conversation.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import { mergeRecord } from '#shared/domain/merge.ts';
import type { Observation } from '#shared/domain/observation.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import { day, magpipeSession, start, stream } from './magpipe-worlds.ts';
import { answersFor } from './walk.ts';

/**
 * Rows carry no stamp of the last change, so a row is compared with the stored call to see whether to ask for it again:
 * one that says nothing new must cost nothing, and one that does must be seen.
 */

const expectation = expectationOf({ media: true }, magpipe.promised);
const minute = 60_000;

const merge = (current: StoredRecord | null, seen: Observation): StoredRecord =>
  mergeRecord(current, seen, { identity: identify('magpipe', 'acme', 'c'), expectation, now: start });
const hashText = (record: StoredRecord) => [hashOf(record).hash.toString('hex'), record.conversation.files];

/** What a list leaves null it does not tell. */
function withUntold({ content }: Observation, { conversation: known }: StoredRecord): Content {
  const told = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
  return { ...content, ...known, ...told };
}

/** What list and call say at that moment. */
async function at(nowMs: number, settings: Partial<MagpipeSettings>) {
  const world = inventMagpipeWorld('listing', start, start + 30 * minute, 60, { lateSeconds: { min: 60, max: 600 } });
  const session = magpipeSession(world, { now: () => nowMs, settings });
  const { records } = await stream.fetchPage(session, day, null);
  const answers = await answersFor(stream, session, records);
  return answers.map((answer) => ({
    listing: { ...stream.normalize({ ...answer, detail: null }), sentAt: nowMs + 1 },
    whole: { ...stream.normalize(answer), sentAt: nowMs },
  }));
}

const moments = fc.integer({ min: 0, max: 45 * minute }).map((ms) => start + ms);

describe('a row of a stored call', () => {
  it('says nothing new while the call stands still', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (nowMs) => {
        for (const { listing, whole } of await at(nowMs, {})) {
          const stored = merge(null, whole);
          expect(hashText(merge(stored, { ...listing, transcript: whole.transcript }))).toEqual(hashText(stored));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('says nothing new by what the documented list leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (nowMs) => {
        const settings = { rows: 'documented' } as const;
        for (const { listing, whole } of await at(nowMs, settings)) {
          const stored = merge(null, whole);
          const told = { ...listing, transcript: whole.transcript, content: withUntold(listing, stored) };
          expect(hashText(merge(stored, told))).toEqual(hashText(stored));
          expect(listing.content.startedAt).toBeNull();
        }
      }),
      { numRuns: 10 },
    );
  });

  it('says something new when it rings, is answered, ends, or gets its summary', async () => {
    const [before, after] = await Promise.all([at(start + 15 * minute, {}), at(start + 25 * minute, {})]);
    const changes = before.flatMap(({ whole }) => {
      const later = after.find(({ listing }) => listing.externalId === whole.externalId);
      if (!later) throw new Error('a call is gone');
      const row = (content: Content) =>
        JSON.stringify([content.status, content.summary, content.sentiment, content.endedAt]);
      const isNew = row(whole.content) !== row(later.whole.content);
      const stored = merge(null, whole);
      const merged = merge(stored, { ...later.listing, transcript: whole.transcript });
      return [[isNew, JSON.stringify(hashText(merged)) !== JSON.stringify(hashText(stored))]];
    });
    expect(changes.filter(([isNew]) => isNew).length).toBeGreaterThan(5);
    for (const [isNew, isSeen] of changes) expect(isSeen).toBe(isNew);
  });
});
