import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { generatedFiles } from '#shared/providers/vonage/generated-files.ts';
import { normalize } from '#shared/providers/vonage/normalize.ts';
import { analysisAnswer, interactionAnswer } from '#shared/providers/vonage/wire.ts';
import { writeAnalysis } from '#shared/providers/vonage/write-analysis.ts';
import { writeFiles, writeInteraction } from '#shared/providers/vonage/write-interaction.ts';
import { foreignRecord, goldenRecords, storedOf } from './stored-of.ts';
import { arbitraryInteraction } from './vonage-sent.ts';

const runs = { numRuns: 50 };

/** The record once the bytes of its files are ours. */
function withBytes({ conversation, transcript }: StoredRecord): StoredRecord {
  const media = conversation.files.map(({ key, kind, contentType, bytes }) => ({
    ...{ key, kind, contentType: contentType ?? 'audio/wav', bytes: bytes ?? 7, sha512: 'ab', object: 'o' },
  }));
  return { conversation: { ...conversation, media }, transcript };
}

/** Both APIs' word on a record, through the schemas of the answers, as JSON. */
function written(record: StoredRecord, guid: string, version = 3) {
  const { conversation } = record;
  const item = writeInteraction(conversation, guid, writeFiles(conversation));
  const analysis = writeAnalysis(record, { guid, transcript: true, version });
  const parts = { item: interactionAnswer.parse(item), analysis: analysisAnswer.parse(analysis) };
  return JSON.parse(JSON.stringify(parts)) as typeof parts;
}

const again = (record: StoredRecord, guid: string): Normalized => {
  const { item, analysis } = written(record, guid);
  return normalize({ listed: item, detail: { analysis }, sentAt: 0 });
};

const byKey = (files: Normalized['files']) => files.toSorted((a, b) => (a.key < b.key ? -1 : 1));

describe('what the seed pages show', () => {
  const path = new URL('../fixtures/vonage/interactions.seed.json', import.meta.url);
  const [listing, analyses] = JSON.parse(readFileSync(path, 'utf8')).exchange;

  it('is written as it was sent', () => {
    const [listed, unanalysed] = listing.body.items;
    const [analysis] = analyses.body;
    const stored = withBytes(storedOf('vonage', normalize({ listed, detail: { analysis }, sentAt: 0 })));
    expect(written(stored, listed.guid)).toEqual({ item: listed, analysis });
    const bare = withBytes(storedOf('vonage', normalize({ listed: unanalysed, detail: {}, sentAt: 0 })));
    const { item } = written(bare, unanalysed.guid);
    expect({ ...item, content: byName(item.content) }).toEqual({
      ...unanalysed,
      content: byName(unanalysed.content),
    });
  });

  const byName = (content: { contentKey: string }[]) =>
    content.toSorted((a, b) => (a.contentKey < b.contentKey ? -1 : 1));
});

describe('a record of Vonage', () => {
  const golden = goldenRecords('vonage');
  const refused = ({ artifacts }: Normalized) => artifacts['transcript']?.reason === 'permissionMissing';

  it.each(golden.filter((one) => !refused(one)).map((one, i) => [`${i} ${one.externalId}`, one] as const))(
    'reads back as it was: %s',
    (_, one) => {
      const back = again(withBytes(storedOf('vonage', one)), one.externalId);
      const { files, drift: _drift, scope: _scope, ...rest } = one;
      expect(back).toMatchObject(rest);
      expect(byKey(back.files).map(({ bytes: _length, contentType: _type, ...file }) => file)).toEqual(
        byKey(files).map(({ bytes: _length, contentType: _type, ...file }) => file),
      );
    },
  );

  it('reads back as it was, whatever was sent', () => {
    void fc.assert(
      fc.property(arbitraryInteraction, ({ item, analysis }) => {
        const one = normalize({ listed: item, detail: { analysis: { ...analysis, guid: item.guid } }, sentAt: 0 });
        const back = again(withBytes(storedOf('vonage', one)), one.externalId);
        const { drift: _drift, files, ...rest } = one;
        expect(back).toMatchObject(rest);
        expect(byKey(back.files)).toEqual(byKey(files));
      }),
      runs,
    );
  });

  it.each([null, 'n/a', { value: 1 }])('shows an overall sentiment that is no number as it was sent: %j', (sent) => {
    const categories = { veryNegative: 20, negative: 20, neutral: 20, positive: 20, veryPositive: 20 };
    const summary = { overallSentiment: sent, categories };
    const guid = '0164705c-c206-dce9-d61a-9899855326a0';
    const analysis = { guid, status: 'processed', transcript: null, sentimentSummary: summary };
    const listed = { guid, start: '2026-03-02T09:14:07Z', direction: 'inbound', content: [] };
    const one = normalize({ listed, detail: { analysis }, sentAt: 0 });
    expect(written(storedOf('vonage', one), guid).analysis.sentimentSummary).toEqual(summary);
  });
});

describe('a record of another provider', () => {
  it('keeps what Vonage can carry', () => {
    void fc.assert(
      fc.property(foreignRecord, ({ conversation, transcript }) => {
        const ready = { transcript: { state: 'ready' as const, at: conversation.updatedAt } };
        const record = { conversation: { ...conversation, artifacts: ready }, transcript };
        const back = again(record, conversation.uuid);
        expect(back.externalId).toBe(conversation.uuid);
        expect(back.content.startedAt).toBe(conversation.startedAt ?? conversation.firstSeenAt);
        expect(back.content.direction).toBe(conversation.direction);
        expect(back.transcript?.text).toBe(transcript?.text);
        expect(back.content.language).toBe(conversation.language);
        expect(back.artifacts['sentiment']).toMatchObject({ state: 'absent' });
        expect([back.content.sentiment, back.content.talkTime, back.drift]).toEqual([null, null, []]);
        const ours = conversation.participants.filter(({ role }) => role === 'agent' || role === 'bot');
        const kept = new Set(back.content.participants.map(({ id }) => id));
        for (const { id } of ours) if (id !== null) expect(kept).toContain(id);
        const customer = conversation.participants.find(({ role }) => role === 'customer' || role === 'unknown');
        const address = customer?.phone ?? customer?.email ?? customer?.id;
        const shown = back.content.participants.flatMap(({ id, phone, email }) => [id, phone, email]);
        if (address && conversation.direction === 'inbound') expect(shown).toContain(address);
      }),
      runs,
    );
  });

  const [spoken] = goldenRecords('talkdesk').filter(({ transcript }) => transcript !== null);
  const base = storedOf('talkdesk', spoken as Normalized);
  const of = (change: object, transcript = base.transcript): StoredRecord => ({
    conversation: { ...base.conversation, ...change },
    transcript,
  });
  const at = base.conversation.updatedAt;
  const ready = { transcript: { state: 'ready' as const, at } };

  it('has no number that nobody gave', () => {
    const label = { score: null, label: 'positive', distribution: null, overTime: null, original: {} };
    const { analysis, item } = written(of({ artifacts: ready, sentiment: label }), 'g');
    expect(analysis).not.toHaveProperty('sentimentSummary');
    expect(analysis.callTimeBreakDown).toBeNull();
    expect(item.content).toEqual([]);
    const scored = written(of({ artifacts: ready, sentiment: { ...label, score: 0.5 } }), 'g').analysis;
    expect(scored.sentimentSummary).toEqual({ overallSentiment: 0.5 });
  });

  it.each([
    ['processing', { transcript: { state: 'pending', at }, sentiment: { state: 'ready', at } }],
    ['processing', { transcript: { state: 'overdue', at } }],
    ['processed', { transcript: { state: 'overdue', at }, sentiment: { state: 'ready', at } }],
    ['processed', { transcript: { state: 'absent', at, reason: 'notVoice' } }],
    ['failed', { transcript: { state: 'absent', at, reason: 'analysisFailed' } }],
    ['failed', { transcript: { state: 'failed', at } }],
    ['processed', {}],
  ])('is %s by its artifacts %j', (status, artifacts) => {
    expect(written(of({ artifacts }), 'g').analysis.status).toBe(status);
  });

  it('has names without counts and no language in version 1', () => {
    const categories = [
      { group: 'Service', name: 'Apology', matches: 2 },
      { group: 'Service', name: 'Thanks', matches: null },
      { group: null, name: 'Price', matches: 1 },
    ];
    const record = of({ artifacts: ready, categories, language: 'en-GB' });
    expect(written(record, 'g', 1).analysis).toMatchObject({
      categories: [
        { category: 'Service', subcategories: ['Apology', 'Thanks'] },
        { category: null, subcategories: ['Price'] },
      ],
    });
    expect(written(record, 'g', 2).analysis).not.toHaveProperty('language');
    expect(written(record, 'g').analysis).toMatchObject({
      language: 'en-gb',
      categories: [
        { category: 'Service', categories: [{ name: 'Apology', matches: '2' }, { name: 'Thanks' }] },
        { category: null, categories: [{ name: 'Price', matches: '1' }] },
      ],
    });
  });

  it('has a log and its transcript as files where it has no others', () => {
    const record = of({ artifacts: ready, channel: 'chat' });
    const files = generatedFiles(record, 'g');
    expect(files.map(({ entry }) => [entry.contentKey, entry.type])).toEqual([
      ['interactionLog', 'interactionLog'],
      ['transcript', 'chatTranscript'],
    ]);
    for (const { entry, bytes } of files) expect(entry.contentLength).toBe(bytes.length);
    const { phrases } = JSON.parse(String(files[1]?.bytes));
    expect(phrases.map(({ text }: { text: string }) => text)).toEqual(
      base.transcript?.utterances.map(({ text }) => text),
    );
    expect(generatedFiles(of({ artifacts: {} }, null), 'g')).toHaveLength(1);
  });

  it('names its recordings by the words of Vonage', () => {
    const file = (key: string, kind: string, contentType: string) => ({
      key,
      kind,
      contentType,
      bytes: 1,
      sha512: 'a',
      object: 'o',
    });
    const media = [
      file('recording-1', 'recording', 'audio/mpeg'),
      file('recording', 'recording', 'video/mp4'),
      file('transcriptArtifact', 'transcriptArtifact', 'application/json'),
      file('notes', 'notes', 'application/pdf'),
    ];
    expect(writeFiles(of({ media }).conversation).map(({ contentKey, type }) => [contentKey, type])).toEqual([
      ['recording-1', 'callRecording'],
      ['recording', 'videoRecording'],
      ['transcriptArtifact', 'transcript'],
      ['notes', 'attachment'],
    ]);
  });
});
