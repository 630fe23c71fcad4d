import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { normalize } from '#shared/providers/magpipe/normalize.ts';
import { callSchema, rowSchema } from '#shared/providers/magpipe/wire.ts';
import { writeCall, writeRow } from '#shared/providers/magpipe/write.ts';
import { foreignRecord, goldenRecords, storedOf } from './stored-of.ts';

const runs = { numRuns: 50 };

/** Row and call, through the schemas of the answers, as JSON. */
function written({ conversation, transcript }: StoredRecord, id: string, recordingUrl: string | null = null) {
  const shown = { id, content: true, transcript, recordingUrl };
  const parts = {
    row: rowSchema.parse(writeRow(conversation, shown)),
    call: callSchema.parse(writeCall(conversation, shown)),
  };
  return JSON.parse(JSON.stringify(parts)) as typeof parts;
}

const read = ({ row, call }: { row: unknown; call: unknown }) =>
  normalize({ listed: row, detail: { call }, sentAt: 0 });

/** What a call says and a row does not. */
const callOnly = ['recording_url', 'transcript', 'transcript_segments', 'metadata'];
const rowOf = (call: object) => Object.fromEntries(Object.entries(call).filter(([field]) => !callOnly.includes(field)));

const seed = JSON.parse(
  readFileSync(new URL('../fixtures/magpipe/calls.seed.json', import.meta.url), 'utf8'),
).exchange.at(-1).body;

/** The example of the provider's later page. */
const example = {
  ...{ id: '2d9a1f04-6c55-4f0e-9d61-7b0f3d5e8a10', agent_id: '91b7c3de-1f7a-4b65-8a4c-3f2e1d0c9b8a' },
  ...{ from_number: '+442079460001', to_number: '+442079460123', direction: 'inbound', status: 'completed' },
  ...{ duration: 94, recording_url: 'https://storage.example.com/recordings/2d9a1f04.wav?token=demo' },
  transcript: 'Agent: Harbour Clinic, how can I help?\n\nCaller: I would like to move my visit to Friday.',
  transcript_segments: [
    { speaker: 'agent', text: 'Harbour Clinic, how can I help?', start_time: 0.4, end_time: 2.6 },
    { speaker: 'caller', text: 'I would like to move my visit to Friday.', start_time: 3.1, end_time: 5.9 },
  ],
  ...{ sentiment: 'neutral', call_summary: 'Caller moved a visit to Friday.', metadata: { site: 'harbour' } },
  ...{ started_at: '2026-03-02T10:15:08Z', ended_at: '2026-03-02T10:16:42Z', created_at: '2026-03-02T10:15:00Z' },
};

describe("a writer of Magpipe's own calls", () => {
  it.each([
    ['the seed', seed],
    ['the example of the page', example],
    ['one of a server that sends text alone', { ...example, transcript_segments: undefined, agent_name: 'Front desk' }],
    ['one that nobody answered', { ...rowOf(example), status: 'no-answer', started_at: null, ended_at: null }],
  ])('gives %s back as it is', (_, call) => {
    const listed = rowOf(call);
    const record = storedOf('magpipe', normalize({ listed, detail: { call }, sentAt: 0 }));
    const blank = { recording_url: null, transcript: null, metadata: null };
    expect(written(record, call.id, call.recording_url ?? null)).toEqual({
      row: listed,
      call: { ...blank, ...JSON.parse(JSON.stringify(call)) },
    });
  });

  it.each(goldenRecords('magpipe').map((record) => [record.externalId, record] as const))(
    'is the inverse of normalize for the fixture %s',
    (id, record) => {
      const again = read(written(storedOf('magpipe', record), id));
      expect([again.content, again.transcript]).toEqual([record.content, record.transcript]);
    },
  );

  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }), { nil: null });
  const stamp = fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }).map((ms) => new Date(ms).toISOString());
  const seconds = fc.option(fc.nat(9_999_999), { nil: null }).map((ms) => (ms === null ? null : ms / 1_000));
  const number = fc.constantFrom(null, '+442079460001', '+442079460123');
  const sent = fc.record({
    ...{ id: fc.constant('c-1'), agent_id: text, agent_name: text, from_number: number, to_number: number },
    direction: fc.constantFrom(null, 'inbound', 'outbound', 'sideways'),
    status: fc.constantFrom(null, 'completed', 'busy', 'no-answer', 'failed', 'canceled', 'ringing', 'odd'),
    ...{ duration: fc.option(fc.nat(9_999), { nil: null }), sentiment: text, call_summary: text },
    ...{ started_at: fc.option(stamp, { nil: null }), ended_at: fc.option(stamp, { nil: null }), created_at: stamp },
    transcript_segments: fc.array(
      fc.record({
        speaker: fc.constantFrom('agent', 'caller', 'x'),
        text: fc.string(),
        start_time: seconds,
        end_time: seconds,
      }),
      { maxLength: 4 },
    ),
    metadata: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(text, fc.integer())), { nil: null }),
    mood: fc.option(fc.integer(), { nil: null }),
  });

  it('is the inverse of normalize for whatever Magpipe may send', () => {
    void fc.assert(
      fc.property(sent, (call) => {
        // Without any time only the text is written, which cannot hold every text of a segment.
        fc.pre(
          call.transcript_segments.length === 0 ||
            call.transcript_segments.some(({ start_time }) => start_time !== null),
        );
        const first = read({ row: rowOf({ ...call, mood: undefined }), call });
        const second = read(written(storedOf('magpipe', first), 'c-1'));
        expect([second.content, second.transcript]).toEqual([first.content, first.transcript]);
      }),
      runs,
    );
  });
});

describe('a writer of the conversations of others', () => {
  it('loses nothing that the dialect can carry, and invents no number', () => {
    void fc.assert(
      fc.property(foreignRecord, (record) => {
        const wire = written(record, record.conversation.uuid);
        const { content, transcript } = read(wire);
        const { startedAt, endedAt, durationMs, summary, status, direction } = record.conversation;
        expect(content).toMatchObject({ endedAt, summary, status, startedAt: startedAt ?? content.providerCreatedAt });
        expect(content.durationMs).toBe(durationMs === null ? null : Math.round(durationMs / 1_000) * 1_000);
        expect(content.direction).toBe(direction === 'internal' ? 'unknown' : direction);
        const turnsOf = (one: StoredRecord['transcript']) =>
          one?.utterances.map(({ text, startMs, endMs }) => [text, startMs, endMs]);
        // A text without times says nothing of where a turn of nobody ends.
        const roles = record.transcript?.utterances.map(({ role }) => role) ?? [];
        if (wire.call.transcript_segments || !roles.includes('unknown')) {
          expect(turnsOf(transcript)).toEqual(turnsOf(record.transcript));
        }
        // What it carries, it carries again: without a start the copy has that of its creation.
        const again = written(storedOf('magpipe', read(wire)), wire.row.id).row;
        expect({ ...again, started_at: wire.row.started_at }).toEqual(wire.row);
      }),
      runs,
    );
  });

  it.each([
    [{ score: -0.9, label: null }, null],
    [{ score: null, label: 'Negative' }, 'negative'],
    [{ score: null, label: 'delighted' }, null],
  ])('says of the sentiment %j no more than a label that Magpipe has', (given, shown) => {
    const [record] = fc.sample(foreignRecord, 1);
    if (!record) throw new Error('no record');
    const sentiment = { ...given, distribution: null, overTime: null, original: null };
    const conversation = { ...record.conversation, sentiment };
    expect(writeRow(conversation, { id: 'x', content: true }).sentiment).toBe(shown);
  });

  it('shows no summary to whom it may not be shown', () => {
    const [record] = fc.sample(foreignRecord, 1);
    if (!record) throw new Error('no record');
    const conversation = { ...record.conversation, summary: 'They talked.' };
    expect(writeRow(conversation, { id: 'x', content: false }).call_summary).toBe(null);
  });
});
