import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CredentialsRejected,
  ProviderUnavailable,
  RateLimited,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';
import { batchesOf, guidOf, guidsOf, json, poisonedBy, processed, vonageSession } from './vonage-analyzer.ts';

const [stream] = vonage.streams;
if (!stream?.details) throw new Error('no stream with details');
const { details } = stream;

const listed = (guid: unknown) => ({ guid, start: '2026-03-02T09:14:07Z' });

async function ask(guids: readonly unknown[], analyses: (guids: readonly string[]) => ReturnType<typeof json>) {
  const session = vonageSession({ analyses });
  const told = await details.fetch(session, guids.map(listed));
  return { told, batches: batchesOf(session), session };
}

describe('a batch of details', () => {
  it('is one request for fifty records, with their transcripts', async () => {
    const guids = guidsOf(50);
    const { told, batches, session } = await ask(guids, poisonedBy(new Set()));
    expect(details.most).toBe(50);
    expect(batches).toEqual([guids]);
    expect(session.asked[0]?.url.searchParams.get('transcript')).toBe('true');
    expect(told).toEqual(guids.map((guid) => ({ analysis: processed(guid) })));
  });

  it('is matched by GUID whatever the case and the order, and ignores what was not asked for', async () => {
    const [first, second, third] = [guidOf(0xa), guidOf(0xb), guidOf(0xc)];
    const answer = [
      processed(guidOf(0xd)),
      null,
      7,
      [],
      {},
      { guid: 5 },
      processed(second),
      processed(first.toUpperCase()),
    ];
    const { told, batches } = await ask([first, second.toUpperCase(), third], () => json(answer));
    expect(batches).toEqual([[first, second, third]]);
    expect(told).toEqual([{ analysis: processed(first.toUpperCase()) }, { analysis: processed(second) }, {}]);
  });

  it('never holds what is no GUID, and none is sent for nothing', async () => {
    const odd = [
      'voicemail-7',
      'a,b',
      `${guidOf(1)}0`,
      guidOf(1).replaceAll('-', ''),
      `{${guidOf(1)}}`,
      '',
      '..',
      7,
      null,
    ];
    const alone = await ask(odd, poisonedBy(new Set()));
    expect([alone.told, alone.batches]).toEqual([odd.map(() => ({})), []]);
    const among = await ask([...odd, guidOf(1)], poisonedBy(new Set()));
    expect(among.batches).toEqual([[guidOf(1)]]);
    expect(among.told.at(-1)).toEqual({ analysis: processed(guidOf(1)) });
  });

  it('asks once for a GUID that is listed twice', async () => {
    const { told, batches } = await ask([guidOf(1), guidOf(1).toUpperCase()], poisonedBy(new Set()));
    expect(batches).toEqual([[guidOf(1)]]);
    expect(told).toEqual([{ analysis: processed(guidOf(1)) }, { analysis: processed(guidOf(1)) }]);
  });

  it.each([[{}], [{ items: [] }], [null], ['']])('takes %j for no answer', async (body) => {
    await expect(ask([guidOf(1)], () => json(body))).rejects.toThrow(ResponseInvalid);
  });

  it('takes the sample of the documentation, which is not JSON, for no answer', async () => {
    const sample = new URL('../fixtures/vonage/malformed/analyzer-seed.txt', import.meta.url);
    const body = readFileSync(sample, 'utf8');
    await expect(ask([guidOf(1)], () => ({ status: 200, headers: {}, body }))).rejects.toThrow(ResponseInvalid);
  });

  it.each([
    [400, RequestRejected],
    [401, CredentialsRejected],
    [429, RateLimited],
    [502, ProviderUnavailable],
    [503, ProviderUnavailable],
    [504, ProviderUnavailable],
  ])('hands %d up at once: it says nothing of a record', async (status, error) => {
    let requests = 0;
    const refuse = () => {
      requests += 1;
      return json({}, status);
    };
    await expect(ask(guidsOf(50), refuse)).rejects.toThrow(error);
    expect(requests).toBe(1);
  });

  it('takes 403 for an analyzer that is off, for all records alike', async () => {
    const { told, batches } = await ask([...guidsOf(3), 'voicemail-7'], () => json({}, 403));
    const refused = { refused: 'permissionMissing' };
    expect([told, batches.length]).toEqual([[refused, refused, refused, {}], 1]);
  });
});

describe('a batch that fails as a whole', () => {
  const analysisOr = (guid: string, isLost: boolean) => (isLost ? {} : { analysis: processed(guid) });

  it.each([500, 404])('is halved until the one at fault stands alone (%d)', async (status) => {
    const guids = guidsOf(50);
    const culprit = guidOf(37);
    const { told, batches } = await ask(guids, poisonedBy(new Set([culprit]), status));
    expect(told).toEqual(guids.map((guid) => analysisOr(guid, guid === culprit)));
    expect(batches.length).toBeLessThanOrEqual(13);
    expect(batches.flat().filter((guid) => !guids.includes(guid))).toEqual([]);
    expect(batches.slice(0, 3).map(({ length }) => length)).toEqual([50, 25, 25]);
  });

  it('loses none of the others, whoever is at fault, for a bounded number of requests', async () => {
    const world = fc.integer({ min: 1, max: 50 }).chain((count) => {
      const faults = fc.subarray(guidsOf(count));
      return fc.record({ count: fc.constant(count), failing: faults, missing: faults });
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ count, failing, missing }) => {
        const guids = guidsOf(count);
        const lost = new Set([...failing, ...missing]);
        const fail = poisonedBy(new Set(failing));
        const miss = poisonedBy(new Set(missing), 404);
        fc.pre(failing.length < count);
        const { told, batches } = await ask(guids, (asked) =>
          asked.some((guid) => failing.includes(guid)) ? fail(asked) : miss(asked),
        );
        expect(told).toEqual(guids.map((guid) => analysisOr(guid, lost.has(guid))));
        expect(batches.length).toBeLessThanOrEqual(2 * count);
        expect(batches.length).toBeLessThanOrEqual(2 + 2 * lost.size * Math.ceil(Math.log2(count)));
      }),
      { numRuns: 100 },
    );
  });

  it('throws where every single one fails: then it is the provider', async () => {
    for (const count of [1, 2, 3, 50]) {
      const guids = guidsOf(count);
      await expect(ask(guids, poisonedBy(new Set(guids)))).rejects.toThrow(ProviderUnavailable);
    }
  });

  it.each([1, 2, 3, 50])('finds an outage out for little: %d records', async (count) => {
    const session = vonageSession({ analyses: () => json({}, 500) });
    await expect(details.fetch(session, guidsOf(count).map(listed))).rejects.toThrow(ProviderUnavailable);
    expect(batchesOf(session).length).toBeLessThanOrEqual(4);
  });

  it('takes 404 for each of them for "not ready", not for a fault', async () => {
    const { told, batches } = await ask(guidsOf(8), () => json({}, 404));
    expect(told).toEqual(guidsOf(8).map(() => ({})));
    expect(batches).toHaveLength(15);
  });

  it('hands up what comes between the halves', async () => {
    let requests = 0;
    const answers = (guids: readonly string[]) => {
      requests += 1;
      return requests === 3 ? json({}, 429) : poisonedBy(new Set([guidOf(0)]))(guids);
    };
    await expect(ask(guidsOf(8), answers)).rejects.toThrow(RateLimited);
    expect(requests).toBe(3);
  });
});
