import { describe, expect, it } from 'vitest';
import type { Detail } from '#shared/providers/connector.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';

const [stream] = vonage.streams;
if (!stream) throw new Error('no stream');
const { normalize } = stream;

const guid = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
const listed = { guid, start: '2026-03-02T09:14:07Z' };
const sentimentSummary = {
  overallSentiment: -0.12,
  categories: { veryNegative: 10, negative: 30, neutral: 40, positive: 15, veryPositive: 5 },
  distributionOverTime: [
    { score: -0.4, span: { start: 0, end: 10 } },
    { score: 0.2, span: { start: 90, end: 100 } },
  ],
};
const analysis = {
  guid,
  status: 'processed',
  language: 'en-gb',
  confidence: 'High',
  categories: [{ category: 'Service', categories: [{ name: 'Apology', matches: '2' }] }],
  callTimeBreakDown: { agent: 61, customer: 48.5, silence: 12, crossTalk: 0 },
  transcript: 'Hello.\nGood morning.',
  sentimentSummary,
};
const of = (change: object) => normalize({ listed, detail: { analysis: { ...analysis, ...change } }, sentAt: 0 });

const kinds = ['transcript', 'sentiment', 'categories', 'talkTime'];
const allAre = (finding: object) => Object.fromEntries(kinds.map((kind) => [kind, finding]));
const ready = { state: 'ready' };
const pending = { state: 'pending' };
const absent = (reason: string) => ({ state: 'absent', reason });

describe('what stands of each artifact', () => {
  it.each<[Detail | null, object]>([
    [null, pending],
    [{}, pending],
    [{ refused: 'permissionMissing' }, absent('permissionMissing')],
    [{ analysis: { ...analysis, status: 'processing' } }, pending],
    [{ analysis: { ...analysis, status: 'FAILED' } }, absent('analysisFailed')],
    [{ analysis: { ...analysis, status: 'Processed' } }, ready],
    [{ analysis: { ...analysis, status: 'rejected' } }, pending],
    [{ analysis: { ...analysis, status: 7 } }, pending],
  ])('follows from the detail %j', (detail, finding) => {
    const seen = normalize({ listed, detail, sentAt: 0 });
    expect(seen.artifacts).toEqual(allAre(finding));
    const isReady = finding === ready;
    expect([seen.transcript !== null, seen.content.sentiment !== null]).toEqual([isReady, isReady]);
    expect([seen.content.categories.length, seen.content.talkTime !== null]).toEqual([isReady ? 1 : 0, isReady]);
  });

  it.each(['rejected', '', null, undefined])('is reported where the status is %j', (status) => {
    expect(of({ status }).drift).toContain('analysis.status=<new>');
  });

  it.each<[string, object, object]>([
    ['transcript', { transcript: null }, absent('noTranscript')],
    ['transcript', { transcript: undefined }, absent('noTranscript')],
    ['transcript', { transcript: ' \n ' }, absent('noTranscript')],
    ['transcript', { transcript: ['Hello'] }, pending],
    ['sentiment', { sentimentSummary: undefined }, absent('notProvided')],
    ['sentiment', { sentimentSummary: null }, absent('notProvided')],
    [
      'sentiment',
      { sentimentSummary: { overallSentiment: null, categories: {}, distributionOverTime: [] } },
      absent('notProvided'),
    ],
    ['sentiment', { sentimentSummary: 'good' }, pending],
    ['sentiment', { sentimentSummary: { overallSentiment: '0.5' } }, pending],
    ['sentiment', { sentimentSummary: { overallSentiment: 7 } }, pending],
    ['sentiment', { sentimentSummary: { overallSentiment: 0 } }, ready],
    ['categories', { categories: [] }, ready],
    ['categories', { categories: null }, absent('notProvided')],
    ['categories', { categories: { Service: 1 } }, pending],
    ['talkTime', { callTimeBreakDown: undefined }, absent('notProvided')],
    ['talkTime', { callTimeBreakDown: {} }, absent('notProvided')],
    ['talkTime', { callTimeBreakDown: 61 }, pending],
    ['talkTime', { callTimeBreakDown: { agent: -1 } }, pending],
    ['talkTime', { callTimeBreakDown: { agent: 0 } }, ready],
  ])('%s of %j', (kind, change, finding) => {
    expect(of(change).artifacts).toEqual({ ...allAre(ready), [kind]: finding });
  });
});

describe('an analysis in our words', () => {
  it('is complete', () => {
    expect(of({})).toMatchObject({
      drift: [],
      transcript: { language: 'en-GB', text: 'Hello.\nGood morning.' },
      content: {
        language: 'en-GB',
        categories: [{ group: 'Service', name: 'Apology', matches: 2 }],
        talkTime: { agentMs: 61_000, customerMs: 48_500, silenceMs: 12_000, crossTalkMs: 0 },
        metadata: { analysis: { confidence: 'High' } },
      },
    });
    expect(of({}).content.sentiment).toEqual({
      score: -0.12,
      label: null,
      distribution: sentimentSummary.categories,
      overTime: [
        { startPercent: 0, endPercent: 10, score: -0.4 },
        { startPercent: 90, endPercent: 100, score: 0.2 },
      ],
      original: { overallSentiment: -0.12 },
    });
  });

  it.each([
    ['en-us', 'en-US'],
    ['ZH-hans-cn', 'zh-Hans-CN'],
    ['English (UK)', 'English (UK)'],
    ['en_us', 'en_us'],
    [' ', null],
    [null, null],
  ])('is in the language %j: %j', (language, ours) => {
    const { transcript, content } = of({ language });
    expect([transcript?.language, content.language]).toEqual([ours, ours]);
  });

  it('has no language without a transcript, which the next list would take back', () => {
    expect(of({ transcript: null }).content.language).toBeNull();
    expect(of({ status: 'processing' }).content.language).toBeNull();
  });

  it.each([
    ['12', 12, []],
    [12, 12, []],
    ['0', 0, []],
    [null, null, []],
    ['many', null, ['analysis.categories[].categories[].matches=<text>']],
    ['1.5', null, ['analysis.categories[].categories[].matches=<text>']],
    ['9'.repeat(30), null, ['analysis.categories[].categories[].matches=<text>']],
    [true, null, ['analysis.categories[].categories[].matches=<boolean>']],
  ])('counts matches of %j as %j', (matches, ours, drift) => {
    const { content, drift: seen } = of({
      categories: [{ category: ' ', categories: [{ name: 'Apology', matches }] }],
    });
    expect([content.categories, seen]).toEqual([[{ group: null, name: 'Apology', matches: ours }], drift]);
  });

  it('reads the plain names of version 1, and leaves out what has none', () => {
    const groups = [
      { category: 'Politeness', subcategories: ['Greeting', ' ', 7] },
      { category: 'Empty', categories: [{ name: '', matches: '1' }, { matches: '1' }] },
      'Service',
    ];
    const { content, drift } = of({ categories: groups });
    expect(content.categories).toEqual([{ group: 'Politeness', name: 'Greeting', matches: null }]);
    expect(drift).toEqual(['analysis.categories[]=<string>', 'analysis.categories[].subcategories[]=<number>']);
  });

  it('reads both spellings of the talk time', () => {
    const change = { callTimeBreakDown: undefined, callTimeBreakdown: { agent: 1.2345, customer: 'x' } };
    expect(of(change)).toMatchObject({
      content: { talkTime: { agentMs: 1235, customerMs: null, silenceMs: null, crossTalkMs: null } },
      artifacts: { talkTime: ready },
    });
  });

  it('keeps of the sentiment what is not shown beside it', () => {
    const tenths = [...sentimentSummary.distributionOverTime, { score: 0.1 }];
    const halves = { ...sentimentSummary.categories, mixed: 5 };
    const { content, drift } = of({
      sentimentSummary: { overallSentiment: 1.5, categories: halves, distributionOverTime: tenths, model: 'v7' },
    });
    expect(content.sentiment).toMatchObject({
      score: null,
      distribution: sentimentSummary.categories,
      original: { overallSentiment: 1.5, categories: halves, distributionOverTime: tenths, model: 'v7' },
    });
    expect(content.sentiment?.overTime).toHaveLength(2);
    expect(drift.toSorted()).toEqual([
      'analysis.sentimentSummary.categories.mixed',
      'analysis.sentimentSummary.model',
      'analysis.sentimentSummary.overallSentiment=<range>',
    ]);
  });

  it('makes up no part of a distribution', () => {
    const { veryPositive: _gone, ...four } = sentimentSummary.categories;
    const { sentiment } = of({ sentimentSummary: { overallSentiment: 0.5, categories: four } }).content;
    expect(sentiment).toEqual({
      score: 0.5,
      label: null,
      distribution: null,
      overTime: null,
      original: { overallSentiment: 0.5, categories: four },
    });
  });

  it('keeps what is new, and reports it without its value', () => {
    const { drift, content } = of({ tone: 'calm', confidence: 'certain' });
    expect(drift).toEqual(['analysis.tone']);
    expect(content.metadata).toEqual({ analysis: { confidence: 'certain', other: { tone: 'calm' } } });
  });
});
