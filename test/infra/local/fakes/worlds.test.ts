import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoGrowth } from '#infra/local/fakes/invent/timeline.ts';
import { growingSalesloftWorld, inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { formatStamp, parseStamp } from '#infra/local/fakes/stamp.ts';
import { growingTalkdeskWorld, inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { contentTypes } from '#infra/local/fakes/vonage/content-types.ts';
import { growingVonageWorld, inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';

const from = Date.parse('2026-03-01T00:00:00Z');
const to = from + 5 * 86_400_000;

describe.each([
  ['Salesloft', (seed: string) => inventSalesloftWorld(seed, from, to, 50)],
  ['Talkdesk', (seed: string) => inventTalkdeskWorld(seed, from, to, 50)],
  ['Vonage', (seed: string) => inventVonageWorld(seed, from, to, 50)],
])('an invented %s world', (_name, invent) => {
  it('is equal for equal seeds and differs for others', () => {
    expect(invent('a')).toEqual(invent('a'));
    expect(JSON.stringify(invent('a'))).not.toBe(JSON.stringify(invent('b')));
  });

  it('holds invented people only, and leaves no gap in its phrases', () => {
    const text = JSON.stringify(invent('people'));
    for (const address of text.match(/[\w.+-]+@[\w.-]+/g) ?? []) expect(address).toMatch(/(@|\.)example(\.com)?$/);
    expect(text).not.toMatch(/\{[a-z]+\}/);
  });
});

describe('the turns of a Salesloft world', () => {
  it('number 8 to 40, in time order, in three languages, some late and some never', () => {
    const { conversations } = inventSalesloftWorld('lively', from, to, 400);
    const transcripts = conversations.flatMap(({ transcript }) => (transcript ? [transcript] : []));
    const counts = transcripts.map(({ sentences }) => sentences.length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([8, 40]);
    for (const { sentences } of transcripts) {
      const times = sentences.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    expect(new Set(conversations.map(({ languageCode }) => languageCode))).toEqual(
      new Set(['en-GB', 'en-US', 'de-DE', 'fr-FR']),
    );
    expect(conversations.length).toBeGreaterThan(transcripts.length);
    const late = conversations.filter(({ transcript, createdAtUs }) => transcript && transcript.atUs > createdAtUs);
    expect(late.length).toBeGreaterThan(100);
    for (const { transcript, createdAtUs, updatesUs } of late) {
      expect(updatesUs).toContain(transcript?.atUs);
      expect((transcript?.atUs ?? 0) - createdAtUs).toBeGreaterThanOrEqual(20_000_000);
    }
  });

  it('may share one microsecond, as created_at and as updated_at', () => {
    const { conversations } = inventSalesloftWorld('equal', from, to, 300, { equalStamps: 250 });
    const stamps = Map.groupBy(conversations, ({ createdAtUs, updatesUs }) => updatesUs.at(-1) ?? createdAtUs);
    expect(Math.max(...[...stamps.values()].map((group) => group.length))).toBe(250);
  });
});

describe.each([
  [
    'Salesloft',
    (since: number) => growingSalesloftWorld(demoGrowth('demo', since)),
    (world: object) => Object.values(world)[1],
  ],
  [
    'Talkdesk',
    (since: number) => growingTalkdeskWorld(demoGrowth('demo', since)),
    (world: object) => Object.values(world)[0],
  ],
  [
    'Vonage',
    (since: number) => growingVonageWorld(demoGrowth('demo', since)),
    (world: object) => Object.values(world)[0],
  ],
])('a growing %s world', (_name, grow, recordsOf) => {
  it('begins with 40 of the last days and gains one every 8 to 15 seconds', () => {
    const world = grow(from);
    expect(recordsOf(world(from))).toHaveLength(40);
    const gained = recordsOf(world(from + 3_600_000)).length - 40;
    expect(gained).toBeGreaterThan(3_600 / 15 - 1);
    expect(gained).toBeLessThan(3_600 / 8 + 1);
  });

  it('shows the same past after a restart, however often it was asked before', () => {
    const asked = grow(from);
    for (let now = from; now <= from + 600_000; now += 7_000) asked(now);
    expect(recordsOf(grow(from)(from + 600_000))).toEqual(recordsOf(asked(from + 600_000)));
  });
});

describe('a Vonage world', () => {
  const { interactions } = inventVonageWorld('lively', from, to, 600);
  const done = interactions.flatMap(({ analysis }) => (analysis && analysis.doneAtUs !== null ? [analysis] : []));

  it('holds calls, chats and voicemails, with every type of content file', () => {
    const types = new Set(interactions.flatMap(({ content }) => content.map(({ type }) => type)));
    expect([...types].sort()).toEqual(Object.keys(contentTypes).sort());
    expect(new Set(interactions.map(({ id }) => id)).size).toBe(600);
    for (const { startedAtUs, id } of interactions) {
      expect(startedAtUs % 1_000_000).toBe(0);
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it('shows the recording of a call first, and the files of its analysis when that is done', () => {
    const analysed = interactions.filter(
      ({ analysis }) => analysis?.outcome === 'processed' && analysis.doneAtUs !== null,
    );
    expect(analysed.length).toBeGreaterThan(400);
    for (const { content, analysis } of analysed) {
      const atUs = (type: string): number => content.find((file) => file.type === type)?.atUs ?? 0;
      expect(atUs('callRecording')).toBe(analysis?.atUs);
      expect(atUs('transcript')).toBeGreaterThanOrEqual(analysis?.doneAtUs ?? 0);
      expect(atUs('categorizationResult')).toBe(atUs('transcript'));
    }
  });

  it('is analysed at once, 20 to 60 s later, never, or not at all', () => {
    const late = done.filter(({ atUs, doneAtUs }) => (doneAtUs ?? 0) > atUs);
    expect(late.length / done.length).toBeGreaterThan(0.25);
    for (const { atUs, doneAtUs } of late) {
      expect((doneAtUs ?? 0) - atUs).toBeGreaterThanOrEqual(20_000_000);
      expect((doneAtUs ?? 0) - atUs).toBeLessThanOrEqual(60_000_000);
    }
    const calls = interactions.filter(({ content }) => content[0]?.type === 'callRecording');
    expect(calls.some(({ analysis }) => analysis?.doneAtUs === null)).toBe(true);
    expect(calls.some(({ analysis }) => analysis === null)).toBe(true);
    expect(done.some(({ outcome }) => outcome === 'failed')).toBe(true);
  });

  it('has sentiments whose parts fit together', () => {
    for (const { sentiment } of done) {
      if (!sentiment) continue;
      expect(Object.values(sentiment.shares).reduce((sum, share) => sum + share, 0)).toBe(100);
      expect(sentiment.tenths).toHaveLength(10);
      expect(Math.abs(sentiment.overall)).toBeLessThanOrEqual(1);
    }
  });
});

describe('stamps', () => {
  it('are read as they were written, with any offset', () => {
    const us = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
    const holds = fc.assert(
      fc.property(us, fc.integer({ min: -720, max: 840 }), (at, offset) => {
        expect(parseStamp(formatStamp(at, offset))).toBe(at);
      }),
    );
    return holds;
  });

  it('agree with Date on whole milliseconds', () => {
    const text = '2026-03-02T09:52:44.907-05:00';
    expect(parseStamp(text)).toBe(Date.parse(text) * 1_000);
    expect(parseStamp('2026-03-02')).toBe(Date.parse('2026-03-02T00:00:00Z') * 1_000);
    expect(parseStamp('2026-03-02T09:52:44.907312 02:00')).toBeUndefined();
  });
});
