import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactKinds, artifactStates } from '#shared/domain/artifact.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationEvents, erasedEvent } from '#shared/domain/conversation-events.ts';
import { driftEvent, fieldPath } from '#shared/domain/drift.ts';
import { longestEvent } from '#shared/domain/event-envelope.ts';
import { type EarshotEvent, earshotEventSchema } from '#shared/domain/events.ts';
import { fitLists } from '#shared/domain/fit-event.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { longestKey } from '#shared/domain/media.ts';
import { windowEvent } from '#shared/domain/window-events.ts';
import { epoch, identityOf, recordOf } from '#test/support/records.ts';

/** Text of the worst there is in JSON, in UTF-8 and in a URL, up to the length that ids and keys may have. */
const worst = fc
  .tuple(fc.constantFrom('\u0001', '\uffff', '%', '"', '😀', 'a'), fc.integer({ min: 1, max: longestKey }))
  .map(([unit, length]) => unit.repeat(length).slice(0, length).toWellFormed());

const connection = 'c'.repeat(40);

/** A conversation with up to 400 files of such names, all in one state. */
const hostile = fc
  .record({ id: worst, key: worst, count: fc.nat(400), state: fc.constantFrom(...artifactStates) })
  .map(({ id, key, count, state }): StoredConversation => {
    const first = recordOf(id, {}, epoch, connection).conversation;
    const keys = Array.from({ length: count }, (_, i) => `${i}${key}`.slice(0, longestKey).toWellFormed());
    const names = [...artifactKinds, ...keys.map((one) => `media:${one}`)];
    const at = formatInstant(epoch);
    const file = { kind: 'recording', contentType: 'audio/wav', bytes: 1, sha512: 'a', object: 'media/a' };
    return {
      ...first,
      version: Number.MAX_SAFE_INTEGER,
      artifacts: Object.fromEntries(names.map((name) => [name, { state, at }])),
      media: keys.slice(0, 3).map((one) => ({ key: one, ...file })),
    };
  });

/** As it goes out when it is replayed to a subscriber of the longest name. */
const sizeOf = (event: EarshotEvent): number =>
  Buffer.byteLength(JSON.stringify({ ...event, replay: 'r'.repeat(64), replayto: 's'.repeat(40) }));

describe('an event', () => {
  it('is never longer than 64 KiB, whatever the provider calls things', () => {
    void fc.assert(
      fc.property(hostile, (after) => {
        const events = conversationEvents({ before: null, after, transcriptChanged: true });
        for (const event of [...events.slice(0, 5), ...events.slice(-1)]) {
          expect(sizeOf(event)).toBeLessThanOrEqual(longestEvent);
          expect(earshotEventSchema.parse(event)).toEqual(event);
        }
      }),
      { numRuns: 50, examples: [[largest()]] },
    );
  });

  it('names as many missing conversations as it holds, and counts all', () => {
    const missing = Array.from({ length: 5_000 }, (_, i) => `${i}${'\u0001'.repeat(500)}`);
    const event = windowEvent({
      ...{ connection, provider: 'vonage', hour: '2026-03-02T09:00:00.000Z', reading: 2, readAt: formatInstant(epoch) },
      ...{ listed: 9_000, stored: 4_000, missing: 5_000, missingIds: missing },
    });
    expect(sizeOf(event)).toBeLessThanOrEqual(longestEvent);
    expect(event.data).toMatchObject({ missing: 5_000, missingIds: missing.slice(0, 5) });
  });
});

/** The longest id with the longest keys. */
function largest(): StoredConversation {
  const id = '\uffff'.repeat(longestKey);
  const { conversation } = recordOf(id, {}, epoch, connection);
  const keys = Array.from({ length: 40 }, (_, i) => `media:${String(i).padEnd(longestKey, '\u0001')}`);
  const at = formatInstant(epoch);
  const artifacts = Object.fromEntries(keys.map((key) => [key, { state: 'overdue' as const, at }]));
  return { ...conversation, version: Number.MAX_SAFE_INTEGER, artifacts };
}

describe('the lists of an event', () => {
  const keys = Array.from({ length: 400 }, (_, i) => `media:${String(i).padStart(60, '0')}`);

  it('are whole where they fit', () => {
    expect(fitLists(['title', 'media'], { transcript: 'ready' })).toEqual({
      changed: ['title', 'media'],
      artifacts: { transcript: 'ready' },
    });
  });

  it('lose files first and the last of them, and say how many', () => {
    const states = Object.fromEntries([...keys, 'transcript'].map((kind) => [kind, 'pending' as const]));
    const { changed, artifacts, truncated } = fitLists([...keys, 'title'], states);
    expect(changed).toEqual([...keys.slice(0, changed.length - 1), 'title']);
    expect(Object.keys(artifacts)).toEqual([...keys.slice(0, Object.keys(artifacts).length - 1), 'transcript']);
    expect(truncated).toEqual({ changed: 401 - changed.length, artifacts: 401 - Object.keys(artifacts).length });
    expect(changed.length).toBeGreaterThan(200);
  });
});

it('an erasure tells which conversation it was and nothing else', () => {
  const { externalId: _, ...identity } = identityOf('c1');
  const event = erasedEvent({ ...identity, version: 8, erasedAt: formatInstant(epoch) });
  expect(earshotEventSchema.parse(event)).toEqual(event);
  expect(event).toMatchObject({
    id: 'support:c1/8/earshot.conversation.erased.v1',
    subject: 'support:c1',
    data: { changed: [], artifacts: {}, startedAt: null, channel: 'unknown' },
  });
});

it('a reading of an hour is verified or a gap, by what is missing', () => {
  const reading = {
    ...{ connection: 'support', provider: 'vonage' as const, hour: '2026-03-02T09:00:00.000Z', reading: 2 },
    ...{ readAt: formatInstant(epoch), listed: 3 },
  };
  const [verified, gap] = [
    windowEvent({ ...reading, stored: 3, missing: 0, missingIds: [] }),
    windowEvent({ ...reading, stored: 2, missing: 1, missingIds: ['x'] }),
  ];
  for (const event of [verified, gap]) expect(earshotEventSchema.parse(event)).toEqual(event);
  expect(verified.id).toBe('support/2026-03-02T09:00:00.000Z/2/earshot.window.verified.v1');
  expect(gap.id).toBe('support/2026-03-02T09:00:00.000Z/2/earshot.window.gap.v1');
});

it('a drift path keeps to plain characters and a length that anybody reads', () => {
  expect(fieldPath('messages[].channel=<new>')).toBe('messages[].channel=<new>');
  const field = fieldPath(`a b/\u0000#${'x'.repeat(500)}`);
  expect(field).toBe(`a?b???${'x'.repeat(194)}`);
  const event = driftEvent({ connection: 'support', provider: 'vonage', field, at: formatInstant(epoch) });
  expect(earshotEventSchema.parse(event)).toEqual(event);
  expect(event.id).toBe(`support/${field}/1/earshot.provider.drift.v1`);
});
