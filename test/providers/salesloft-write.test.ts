import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { normalize } from '#shared/providers/salesloft/normalize.ts';
import { conversationSchema, extensiveSchema, sentenceSchema } from '#shared/providers/salesloft/wire.ts';
import { writeConversation } from '#shared/providers/salesloft/write.ts';
import { writeExtensive } from '#shared/providers/salesloft/write-extensive.ts';
import { writeSentences } from '#shared/providers/salesloft/write-transcription.ts';
import { foreignRecord, goldenRecords, storedOf } from './stored-of.ts';

const base = 'https://api.salesloft.com/v2';
const runs = { numRuns: 50 };

/** Row, extensive answer and sentences, through the schemas of the answers, as JSON. */
function written({ conversation, transcript }: StoredRecord, id: string, transcriptionId = 't-1') {
  const shown = { id, base, transcriptionId, hasArtifact: true, recordingType: 'audio/mp4' };
  const parts = {
    row: conversationSchema.parse(writeConversation(conversation, shown)),
    extensive: extensiveSchema.parse(writeExtensive(conversation, { ...shown, content: true })),
    sentences: writeSentences(conversation, transcript?.utterances ?? [], shown).map((row) =>
      sentenceSchema.parse(row),
    ),
  };
  return JSON.parse(JSON.stringify(parts)) as typeof parts;
}

const answerOf = ({ row, extensive, sentences }: ReturnType<typeof written>): Answer => ({
  listed: row,
  detail: { extensive, sentences, refused: {} },
  sentAt: 0,
});

const conversation = '5c1f6d0e-51b2-4c3e-9a54-0d1c7a6e2b10';
const transcription = '08c91f48-1111-4222-8333-444455556666';
const reference = (id: string, path: string) => ({ id, _href: `${base}/${path}` });

/** The examples of the provider's pages. */
const row = {
  ...{ id: conversation, duration: 1_834_000, is_api: false, platform: 'zoom', media_type: 'video' },
  ...{ organization_id: '0b8e7a52-9f64-4b0f-8e0b-2d1f2c3a4b5c', title: 'Northwind renewal' },
  ...{ owner_id: 'a3c0d9c4-7b1e-4f77-8d3b-6f5a1e0c9b21', user_guid: 'a3c0d9c4-7b1e-4f77-8d3b-6f5a1e0c9b21' },
  ...{ started_recording_at: 1_772_442_031_000, event_start_date: '2026-03-02T09:00:00.000Z' },
  ...{ event_end_date: '2026-03-02T09:31:00.000Z', language_code: 'en-GB' },
  ...{ created_at: '2026-03-02T09:35:10.120451Z', updated_at: '2026-03-02T09:52:44.907312Z', call_id: null },
  account: reference('4410021', 'accounts/4410021'),
  person: null,
  recording: reference(conversation, `conversations/${conversation}/recording`),
  transcription: reference(transcription, `transcriptions/${transcription}`),
  transcription_sentences: reference(transcription, `transcriptions/${transcription}/sentences`),
  transcription_artifact: reference(transcription, `transcriptions/${transcription}/artifact`),
};
const extensive = {
  owner_email: 'rep@example.com',
  attendees: [
    { id: 'e1b6f0aa-0001-4aaa-8bbb-000000000001', full_name: 'Ada Rep', email: 'rep@example.com', is_internal: true },
    { id: 'e1b6f0aa-0001-4aaa-8bbb-000000000002', full_name: 'Bo Buyer', email: '', is_internal: false },
  ],
  invitees: [{ full_name: 'Bo Buyer', email: 'bo@northwind.example' }],
  summary: {
    ...{ id: 's1', text: 'Renewal agreed in principle.', status: 'completed' },
    created_at: '2026-03-02T09:50:00Z',
  },
  action_items: {
    status: 'completed',
    items: [
      {
        ...{ id: 'a1', original_text: 'Send quote', edited_text: null },
        ...{ created_at: '2026-03-02T09:50:00Z', updated_at: '2026-03-02T09:50:00Z' },
      },
    ],
  },
  key_moments: { status: 'completed', items: [] },
  opportunity: null,
  meddpicc: { id: 'm1', categories: { pain: ['cost'] } },
};
const sentence = {
  ...{ id: transcription, start_time: 0.42, end_time: 3.87, order_number: 1 },
  ...{ recording_attendee_id: 'e1b6f0aa-0001-4aaa-8bbb-000000000001', text: 'Thanks for joining.' },
  conversation: reference(conversation, `conversations/${conversation}`),
};

describe("a writer of Salesloft's own conversations", () => {
  it("gives the pages' examples back as they are", () => {
    const detail = { extensive: { ...row, ...extensive }, sentences: [sentence], refused: {} };
    const record = storedOf('salesloft', normalize({ listed: row, detail, sentAt: 0 }));
    expect(written(record, conversation, transcription)).toEqual({
      row,
      extensive: { ...row, ...extensive },
      sentences: [sentence],
    });
  });

  it('gives the seed back, links of its own aside', () => {
    const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
    const named = { id: 'string', _href: expect.any(String) };
    const seed = {
      ...{ id, duration: 0, is_api: true, platform: 'zoom', media_type: 'audio', organization_id: id, title: 'string' },
      ...{ owner_id: id, user_guid: id, started_recording_at: 0, event_end_date: '2025-02-13T22:11:57.792Z' },
      ...{ event_start_date: '2025-02-13T22:11:57.792Z', language_code: 'string' },
      ...{ created_at: '2025-02-13T22:11:57.792Z', updated_at: '2025-02-13T22:11:57.792Z', call_id: 'string' },
      ...{ account: named, person: named, recording: named, transcription: named },
      ...{ transcription_sentences: named, transcription_artifact: named },
    };
    const listed = JSON.parse(JSON.stringify(seed).replaceAll('{}', '"string"'));
    for (const field of Object.keys(seed)) if (Reflect.get(seed, field) === named) listed[field] = { id: 'string' };
    const record = storedOf('salesloft', normalize({ listed, detail: { refused: {} }, sentAt: 0 }));
    expect(written(record, id, 'string').row).toEqual(seed);
  });

  it('keeps what is new to us', () => {
    const detail = { extensive: { ...row, mood: { now: 'sunny' } }, refused: {} };
    const record = storedOf('salesloft', normalize({ listed: { ...row, tier: 2 }, detail, sentAt: 0 }));
    expect(written(record, conversation).extensive).toMatchObject({ tier: 2, mood: { now: 'sunny' } });
  });

  it.each(goldenRecords('salesloft').map((record) => [record.externalId, record] as const))(
    'is the inverse of normalize for the fixture %s',
    (id, record) => {
      const again = normalize(answerOf(written(storedOf('salesloft', record), id)));
      expect(again.transcript).toEqual(record.transcript);
      const { recordingId: _, transcriptionId: __, ...metadata } = record.content.metadata;
      expect(again.content).toEqual({ ...record.content, metadata: expect.objectContaining(metadata) });
    },
  );

  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }), { nil: null });
  const stamp = fc
    .integer({ min: 1_700_000_000_000_000, max: 1_800_000_000_000_000 })
    .map((us) =>
      new Date(Math.floor(us / 1_000)).toISOString().replace('Z', `${String(us % 1_000).padStart(3, '0')}Z`),
    );
  const id = fc.constantFrom('a1', 'b2', 'c3', 'd4');
  const person = fc.record({
    id: fc.option(id, { nil: null }),
    full_name: text,
    email: fc.constantFrom(null, '', 'na', 'ada@example.com', 'bo@example.com'),
    is_internal: fc.boolean(),
  });
  const sentRow = fc.record({
    id: fc.constant('c-1'),
    duration: fc.option(fc.nat(99_999_999), { nil: null }),
    is_api: fc.boolean(),
    platform: fc.constantFrom('zoom', 'salesloft', 'external_audio', 'manual_upload', 'Acme Meet'),
    media_type: fc.constantFrom('audio', 'video'),
    ...{ organization_id: text, title: text, owner_id: fc.option(id, { nil: null }), user_guid: text },
    started_recording_at: fc.option(fc.nat(), { nil: null }),
    ...{ event_start_date: fc.option(stamp, { nil: null }), event_end_date: fc.option(stamp, { nil: null }) },
    ...{ language_code: text, created_at: stamp, updated_at: stamp, call_id: text },
    account: fc.option(fc.record({ id }), { nil: null }),
  });
  const sentExtensive = fc.record({
    owner_email: fc.constantFrom(null, '', 'ada@example.com', 'cy@example.com'),
    attendees: fc.uniqueArray(person, { maxLength: 4, selector: (one) => one.id ?? one }),
    invitees: fc.array(fc.record({ full_name: text, email: fc.constantFrom('', 'bo@example.com') }), { maxLength: 2 }),
    summary: fc.option(fc.record({ id: text, text, status: fc.constantFrom(null, 'completed', 'failed') }), {
      nil: null,
    }),
    key_moments: fc.option(
      fc.record({ status: text, items: fc.array(fc.record({ name: text, categories: fc.array(id) })) }),
      { nil: null },
    ),
  });
  const sentSentences = fc.array(
    fc.record({
      ...{
        order_number: fc.nat(9),
        start_time: fc.nat(9_999),
        end_time: fc.double({ min: 0, max: 9_999, noNaN: true }),
      },
      ...{ recording_attendee_id: fc.option(id, { nil: null }), text: fc.string() },
    }),
    { maxLength: 5 },
  );

  it('is the inverse of normalize for whatever Salesloft may send', () => {
    void fc.assert(
      fc.property(sentRow, sentExtensive, sentSentences, (listed, more, sentences) => {
        const detail = { extensive: { ...listed, ...more }, sentences, refused: {} };
        const first = normalize({ listed, detail, sentAt: 0 });
        const second = normalize(answerOf(written(storedOf('salesloft', first), 'c-1')));
        const { recordingId: _, transcriptionId: __, ...metadata } = second.content.metadata;
        expect({ ...second.content, metadata }).toEqual(first.content);
        expect(second.transcript).toEqual(first.transcript);
        expect(second.artifacts['summary']).toEqual(first.artifacts['summary']);
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
        const { content, transcript } = normalize(answerOf(wire));
        const { title, language, startedAt, endedAt, durationMs, summary, participants } = record.conversation;
        expect(content).toMatchObject({ title, language, startedAt, endedAt, durationMs, summary });
        expect([wire.row.platform, wire.row.started_recording_at]).toEqual(['external_audio', undefined]);
        expect(Object.hasOwn(wire.row, 'duration')).toBe(durationMs !== null);
        // Who is who: in their order, an owner whom nobody knows behind them. Inside or outside is all it knows of roles.
        const sideOf = (role: string) => (role === 'agent' || role === 'bot' ? 'agent' : 'customer');
        expect(
          content.participants.slice(0, participants.length).map(({ name, email, role }) => [name, email, role]),
        ).toEqual(participants.map(({ name, email, role }) => [name, email, sideOf(role)]));
        const turnsOf = (one: StoredRecord['transcript']) =>
          one?.utterances.map(({ text, startMs, endMs, participant }) => [text, startMs, endMs, participant]);
        expect(turnsOf(transcript)).toEqual(turnsOf(record.transcript));
      }),
      runs,
    );
  });

  it('gives the same stand-ins every time, and no two alike in one conversation', () => {
    void fc.assert(
      fc.property(foreignRecord, (record) => {
        const [one, other] = [written(record, 'x'), written(record, 'x')];
        expect(one).toEqual(other);
        const ids = one.extensive.attendees.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      runs,
    );
  });
});
