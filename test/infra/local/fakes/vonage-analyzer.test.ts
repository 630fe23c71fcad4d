import { describe, expect, it } from 'vitest';
import type { VonageSettings } from '#infra/local/fakes/vonage/settings.ts';
import type { VonageAnalysis, VonageRecord } from '#infra/local/fakes/vonage/world.ts';
import { accept, askVonage, call, worldOf } from './vonage-asking.ts';

const us = (ms: number): number => ms * 1_000;
const late = call.analysed + 3_600_000;
const list = '/conversation-analyzer/interactions';
const guid = call.record.id;
const other = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
const unknown = 'ffffffff-77aa-4c31-9c0e-5d1f6f0b2a01';

type Options = {
  at?: number;
  settings?: Partial<VonageSettings>;
  version?: number;
  analysis?: Partial<VonageAnalysis> | null;
};
function ask(
  path: string,
  query: Record<string, string>,
  { at = late, settings = {}, version = 3, analysis }: Options = {},
) {
  const record: VonageRecord = {
    ...call.record,
    analysis: analysis === null ? null : { ...call.record.analysis, ...analysis },
  };
  const headers = { accept: accept.replace('v3', `v${version}`) };
  return askVonage(worldOf(record, { ...record, id: other }), path, { at, query, headers, settings });
}
const askFor = (calls: string, options: Options = {}) => ask(list, { calls, transcript: 'true' }, options);

const processing = {
  guid,
  status: 'processing',
  language: null,
  confidence: null,
  categories: [],
  callTimeBreakDown: null,
  transcript: null,
};

describe('an item', () => {
  it("is as in the vendor's sample", () => {
    expect(askFor(guid).body).toEqual([
      {
        categories: [{ category: 'Politeness', categories: [{ name: 'Greeting', matches: '1' }] }],
        guid,
        status: 'processed',
        language: 'en-gb',
        confidence: 'Low',
        callTimeBreakDown: { agent: 5, customer: 1, silence: 4, crossTalk: 0 },
        transcript: 'Case.\nHi, and yeah, just a call here. Thank you bye.',
        sentimentSummary: {
          overallSentiment: -0.05,
          categories: { veryNegative: 20, negative: 20, neutral: 20, positive: 20, veryPositive: 20 },
          distributionOverTime: expect.arrayContaining([
            { score: 0.61, span: { start: 0, end: 10 } },
            { score: 0, span: { start: 90, end: 100 } },
          ]),
        },
      },
    ]);
    expect(askFor(guid).body[0].sentimentSummary.distributionOverTime).toHaveLength(10);
  });

  it('has a transcript only where it is asked for, and a sentiment only where the account has it', () => {
    expect(ask(list, { calls: guid }).body[0].transcript).toBeNull();
    expect(ask(list, { calls: guid, transcript: 'false' }).body[0].transcript).toBeNull();
    expect(askFor(guid, { analysis: { sentiment: null } }).body[0]).not.toHaveProperty('sentimentSummary');
    expect(askFor(guid, { analysis: { transcript: '' } }).body[0].transcript).toBe('');
  });

  it('was poorer in older versions', () => {
    expect(askFor(guid, { version: 2 }).body[0]).not.toHaveProperty('language');
    expect(askFor(guid, { version: 1 }).body[0].categories).toEqual([
      { category: 'Politeness', subcategories: ['Greeting'] },
    ]);
  });

  it('is processing until it is processed, or failed, or for ever', () => {
    const at = (ms: number, analysis = {}) => askFor(guid, { at: ms, analysis }).body[0];
    expect(at(call.recorded)).toEqual(processing);
    expect(at(call.analysed - 1)).toEqual(processing);
    expect(at(call.analysed).status).toBe('processed');
    expect(at(call.analysed, { outcome: 'failed' })).toEqual({
      guid,
      status: 'failed',
      categories: [],
      transcript: null,
    });
    expect(at(late + 86_400_000 * 365, { doneAtUs: null })).toEqual(processing);
  });

  it('writes malformed fields as it is told', () => {
    const malformed = { transcript: null, categories: '{}' };
    const [item] = askFor(guid, { analysis: { malformed } }).body;
    expect(item).not.toHaveProperty('transcript');
    expect(item.categories).toEqual({});
  });

  it('stands alone under its GUID', () => {
    const path = `${list}/${guid}`;
    expect(ask(path, { transcript: 'true' }).body).toEqual(askFor(guid).body[0]);
    expect(ask(`${list}/${unknown}`, {}).status).toBe(404);
    expect(ask(path, {}, { analysis: null }).status).toBe(404);
    expect(ask(path, {}, { analysis: null, settings: { unknownGuid: 'processing' } }).body).toEqual(processing);
  });
});

describe('a list', () => {
  const guidsOf = (calls: string, options: Options = {}): string[] =>
    askFor(calls, options).body.map((item: { guid: string }) => item.guid);

  it('names each GUID once, as it was asked for, in an order of choice', () => {
    const calls = `${other},${guid.toUpperCase()},${other}`;
    expect(guidsOf(calls)).toEqual([other, guid.toUpperCase()]);
    expect(guidsOf(`${guid},${other}`, { settings: { analysisOrder: 'reversed' } })).toEqual([other, guid]);
    expect(guidsOf(`${other},${guid}`, { settings: { analysisOrder: 'byGuid' } })).toEqual([guid, other]);
  });

  it('takes fifty GUIDs and no more, and at least one', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => unknown.replace(/..$/, String(10 + i))).join(',');
    expect(askFor(`${many(49)},${guid}`).body).toHaveLength(1);
    for (const calls of [`${many(50)},${guid}`, '', ',']) {
      expect(askFor(calls)).toMatchObject({ status: 400, body: { message: expect.any(String) } });
    }
    expect(ask(list, {}).status).toBe(400);
    expect(ask(list, { calls: guid, transcript: 'please' }).status).toBe(400);
  });

  const calls = `${guid},${unknown}`;

  it.each([
    ['leftOut', ['processed']],
    ['processing', ['processed', 'processing']],
  ] as const)('shows an unknown GUID %s', (unknownGuid, statuses) => {
    const { body } = askFor(calls, { settings: { unknownGuid } });
    expect(body.map(({ status }: { status: string }) => status)).toEqual(statuses);
  });

  it('may be a 404 for one unknown or unfinished GUID', () => {
    expect(askFor(calls, { settings: { unknownGuid: 'notFound' } }).status).toBe(404);
    const waiting = { at: call.recorded, settings: { unprocessedGuid: 'notFound' } } as const;
    expect(askFor(guid, waiting).status).toBe(404);
    expect(askFor(guid, { ...waiting, settings: { unprocessedGuid: 'leftOut' } }).body).toEqual([]);
  });

  it('knows neither calls that are not analysed, nor not yet, nor deleted ones', () => {
    expect(askFor(guid, { analysis: null }).body).toEqual([]);
    expect(askFor(guid, { at: call.recorded - 1 }).body).toEqual([]);
    const deleted = worldOf({ ...call.record, deletedAtUs: us(late) });
    expect(askVonage(deleted, list, { at: late, query: { calls: guid } }).body).toEqual([]);
  });

  it.each(['not-a-guid', guid.slice(1), `${guid}0`, guid.replace('0', 'g')])('is lost as a whole by %s', (bad) => {
    for (const path of [list, `${list}/${encodeURIComponent(bad)}`]) {
      const query = { calls: `${guid},${bad}` };
      expect(ask(path, query).status).toBe(500);
      expect(ask(path, query, { settings: { malformedGuid: 'notFound' } }).status).toBe(404);
    }
  });
});
