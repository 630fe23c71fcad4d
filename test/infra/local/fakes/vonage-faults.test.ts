import { describe, expect, it } from 'vitest';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import { when } from '#infra/local/fakes/faults/fault.ts';
import {
  fewerBack,
  loopingToken,
  matchesOf,
  missingComma,
  nestedCategories,
  oddItem,
  oddToken,
  otherCase,
  otherOrder,
  otherSpelling,
  refusedToken,
  repeatedItem,
  statusOf,
  strangerBack,
  transcriptOf,
  twiceBack,
} from '#infra/local/fakes/faults/vonage-pages.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { fakeVonage } from '#infra/local/fakes/vonage/start.ts';
import { read } from './asking.ts';
import { call, vonageRequest, worldOf } from './vonage-asking.ts';

const nowMs = call.analysed;
const other = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
const stranger = 'ffffffff-0000-0000-0000-000000000000';

describe('the analyzer', () => {
  const world = worldOf(call.record, { ...call.record, id: other });
  const list = '/conversation-analyzer/interactions';
  const query = { calls: `${call.record.id},${other}`, transcript: 'true' };
  const answered = (fault: Fault, path = list) => {
    const fake = fakeVonage({ world, now: () => nowMs, faults: [{ match: when({}), fault }] });
    return fake.handle(vonageRequest(path, query));
  };
  const played = (fault: Fault) => read(answered(fault)).body;
  const guidsOf = (fault: Fault): string[] => played(fault).map(({ guid }: { guid: string }) => guid);
  const { id } = call.record;

  it('gives fewer, in another order, twice, in other case, or what nobody asked for', () => {
    expect(guidsOf(fewerBack(1))).toEqual([id]);
    expect(guidsOf(fewerBack(3))).toEqual([]);
    expect(guidsOf(otherOrder())).toEqual([other, id]);
    expect(guidsOf(twiceBack())).toEqual([id, other, id]);
    expect(guidsOf(otherCase())).toEqual([id.toUpperCase(), other.toUpperCase()]);
    expect(guidsOf(strangerBack(stranger))).toEqual([stranger, id, other]);
    expect(played(oddItem(null))).toEqual([expect.any(Object), null, expect.any(Object)]);
  });

  it('gives other fields than it should', () => {
    expect(played(statusOf('queued'))[0].status).toBe('queued');
    expect(played(transcriptOf(''))[0].transcript).toBe('');
    expect(played(transcriptOf(undefined))[0]).not.toHaveProperty('transcript');
    expect(played(matchesOf('many'))[0].categories[0].categories[0].matches).toBe('many');
    expect(played(otherSpelling())[0]).toMatchObject({ callTimeBreakdown: { agent: 5 } });
    expect(played(otherSpelling())[0]).not.toHaveProperty('callTimeBreakDown');
  });

  it('nests categories fifty levels deep', () => {
    let [group] = played(nestedCategories())[0].categories;
    let depth = 0;
    for (; group.category.startsWith('Level'); [group] = group.categories) depth += 1;
    expect([depth, group.category]).toEqual([50, 'Politeness']);
  });

  it("writes what is no JSON, as in the vendor's sample", () => {
    expect(() => played(missingComma())).toThrow(SyntaxError);
    expect(answered(missingComma()).body).toContain('bye.""sentimentSummary"');
  });

  it('does it to a single item too', () => {
    expect(read(answered(otherCase(), `${list}/${id}`)).body.guid).toBe(id.toUpperCase());
  });
});

describe('the search', () => {
  const from = Date.parse('2026-03-01T00:00:00Z');
  const world = inventVonageWorld('faults', from, from + 86_400_000, 25);
  const window = { start: '2026-03-01T00:00:00Z', end: '2026-03-08T00:00:00Z', limit: '10' };
  const started = (fault: Fault) => {
    const fake = fakeVonage({ world, now: () => from + 86_400_000 * 9, faults: [{ match: when({}), fault }] });
    return (continuationToken?: string) => {
      const query = continuationToken === undefined ? window : { ...window, continuationToken };
      return read(fake.handle(vonageRequest('/interaction-content/interactions', query)));
    };
  };

  it('has a token that loops', () => {
    const ask = started(loopingToken());
    const first = ask().body.meta.nextContinuationToken;
    const second = ask(first).body;
    expect(second.meta.nextContinuationToken).toBe(first);
    expect(ask(first).body).toEqual(second);
  });

  it('shows an item on two pages', () => {
    const ask = started(repeatedItem());
    const first = ask().body;
    const second = ask(first.meta.nextContinuationToken).body;
    expect(second.items[0]).toEqual(first.items.at(-1));
    expect(second.items).toHaveLength(11);
  });

  it('has odd tokens, and refuses one', () => {
    expect(started(oddToken(''))().body.meta).toEqual({ nextContinuationToken: '' });
    expect(started(oddToken(undefined))().body.meta).toEqual({});
    expect(started(refusedToken())()).toMatchObject({ status: 400, body: { message: expect.stringMatching(/token/) } });
  });
});
