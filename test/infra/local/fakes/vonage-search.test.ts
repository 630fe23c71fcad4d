import { describe, expect, it } from 'vitest';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import type { VonageSettings } from '#infra/local/fakes/vonage/settings.ts';
import type { VonageRecord, VonageWorld } from '#infra/local/fakes/vonage/world.ts';
import type { Asked } from './asking.ts';
import { askVonage, call, worldOf } from './vonage-asking.ts';

const day = 86_400_000;
const from = Date.parse('2026-03-01T00:00:00Z');
const later = from + 30 * day;
const week = { start: '2026-03-01T00:00:00Z', end: '2026-03-08T00:00:00Z' };
const world = inventVonageWorld('search', from, from + 7 * day, 23);

type Options = { at?: number; of?: VonageWorld; settings?: Partial<VonageSettings> };
const ask = (query: Record<string, string>, { at = later, of = world, settings = {} }: Options = {}): Asked =>
  askVonage(of, '/interaction-content/interactions', { at, query, settings });
const guidsOf = ({ body }: Asked): string[] => body.items.map(({ guid }: { guid: string }) => guid);
const one = (change: Partial<VonageRecord>): Options => ({ of: worldOf({ ...call.record, ...change }) });

function readAll(query: Record<string, string>, options: Options = {}): string[] {
  const guids: string[] = [];
  let page = ask(query, options);
  for (; page.body.meta.nextContinuationToken; ) {
    guids.push(...guidsOf(page));
    page = ask({ ...query, continuationToken: page.body.meta.nextContinuationToken }, options);
  }
  return [...guids, ...guidsOf(page)];
}

describe('an item', () => {
  it('has the documented fields', () => {
    const { body, headers } = ask(week, one({}));
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toEqual({
      items: [
        {
          guid: call.record.id,
          start: '2026-03-02T09:14:07Z',
          connectFrom: '+441632960111',
          connectTo: '+441632960222',
          direction: 'inbound',
          handlingAgents: [{ id: '2071' }],
          content: [
            {
              contentKey: 'callRecording',
              type: 'callRecording',
              contentType: 'audio/wav',
              contentLength: 16_044,
              lastModified: '2026-03-02T09:15:07Z',
              properties: {},
            },
            {
              contentKey: 'transcript',
              type: 'transcript',
              contentType: 'application/json',
              contentLength: expect.any(Number),
              lastModified: '2026-03-02T09:24:07Z',
              properties: {},
            },
          ],
        },
      ],
      meta: { nextContinuationToken: null },
    });
  });

  it('is listed once it shows a file, and gains files later', () => {
    const keysAt = (at: number): string[] => {
      const [item] = ask(week, { ...one({}), at }).body.items;
      return item ? item.content.map(({ contentKey }: { contentKey: string }) => contentKey) : [];
    };
    expect(keysAt(call.recorded - 1)).toEqual([]);
    expect(keysAt(call.recorded)).toEqual(['callRecording']);
    expect(keysAt(call.analysed)).toEqual(['callRecording', 'transcript']);
    expect(ask(week, one({ content: [] })).body.items).toEqual([]);
    expect(ask(week, one({ deletedAtUs: later * 1_000 })).body.items).toEqual([]);
  });
});

describe('the window', () => {
  const at = '2026-03-02T09:14:07Z';

  it('holds interactions by their start, its end excluded or included', () => {
    const count = (start: string, end: string, settings = {}) =>
      guidsOf(ask({ start, end }, { ...one({}), settings })).length;
    expect(count(at, '2026-03-02T09:14:08Z')).toBe(1);
    expect(count('2026-03-02T09:14:08Z', '2026-03-03T00:00:00Z')).toBe(0);
    expect(count('2026-03-02T00:00:00Z', at)).toBe(0);
    expect(count('2026-03-02T00:00:00Z', at, { windowEnd: 'included' })).toBe(1);
  });

  it.each([
    [{ end: week.end }, /start/],
    [{ start: week.start }, /end/],
    [{ ...week, start: 'monday' }, /start/],
    [{ ...week, end: '2026-02-01T00:00:00Z' }, /end/],
    [{ ...week, end: '2026-03-08T00:00:01Z' }, /7 days/],
    [{ ...week, limit: '0' }, /limit/],
    [{ ...week, limit: '1001' }, /limit/],
    [{ ...week, limit: 'ten' }, /limit/],
    [{ ...week, direction: 'Inbound' }, /direction/],
    [{ ...week, connectFrom: '' }, /connectFrom/],
    [{ ...week, connectTo: '4'.repeat(51) }, /connectTo/],
    [{ ...week, continuationToken: 'made-up' }, /token/],
  ])('refuses %o', (query, message) => {
    expect(ask(query)).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
  });

  it('is filtered by agent, addresses and direction', () => {
    const count = ([name, value]: readonly [string, string]) =>
      guidsOf(ask({ ...week, [name]: value }, one({}))).length;
    const fitting = [
      ['handlingAgentId', '2071'],
      ['connectFrom', '+4416329601'],
      ['connectTo', '+441632960222'],
      ['direction', 'inbound'],
    ] as const;
    const others = [
      ['handlingAgentId', '207'],
      ['connectFrom', '441632'],
      ['connectTo', '+4416329601'],
      ['direction', 'outbound'],
    ] as const;
    expect(fitting.map(count)).toEqual([1, 1, 1, 1]);
    expect(others.map(count)).toEqual([0, 0, 0, 0]);
  });
});

describe('the continuation token', () => {
  const all = world.interactions.map(({ id }) => id).sort();

  it('leads through every page, in either order, and is null on the last', () => {
    const small = { ...week, limit: '10' };
    expect(readAll(small).sort()).toEqual(all);
    expect(readAll(small)).toEqual(readAll(week));
    expect(readAll(small, { settings: { order: 'descending' } })).toEqual(readAll(small).reverse());
    expect(ask(week).body.meta).toEqual({ nextContinuationToken: null });
    expect(readAll({ ...week, limit: '23' })).toHaveLength(23);
  });

  it('leads through equal starts', () => {
    const equal = inventVonageWorld('equal', from, from + day, 40, { equalStamps: 30 });
    const seen = readAll({ ...week, limit: '7' }, { of: equal });
    expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
  });

  it('belongs to its window, and may come to an end', () => {
    const page = ask({ ...week, limit: '10' });
    const continuationToken = page.body.meta.nextContinuationToken;
    expect(continuationToken).toMatch(/\+.*\/.*=$/);
    expect(ask({ ...week, start: '2026-03-02T00:00:00Z', continuationToken }).status).toBe(400);
    const mortal = { settings: { continuationLifeMs: 60_000 } };
    expect(ask({ ...week, continuationToken }, { ...mortal, at: later + 60_000 }).status).toBe(200);
    expect(ask({ ...week, continuationToken }, { ...mortal, at: later + 60_001 }).status).toBe(400);
  });

  it('comes behind 1000 items where no limit is named', () => {
    const many = inventVonageWorld('many', from, from + day, 1_001, { turns: { min: 2, max: 2 } });
    expect(guidsOf(ask(week, { of: many }))).toHaveLength(1_000);
    expect(readAll(week, { of: many })).toHaveLength(1_001);
  });
});
