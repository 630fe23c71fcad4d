import { describe, expect, it } from 'vitest';
import { answerSalesloft } from '#infra/local/fakes/salesloft/answer.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import type { SalesloftRecord, SalesloftWorld } from '#infra/local/fakes/salesloft/world.ts';
import { getRequest, origin, read } from './asking.ts';

const from = Date.parse('2026-03-02T09:00:00Z');
const shape = { neverShare: 0, lateShare: 1, lateSeconds: { min: 30, max: 30 } };
const world = inventSalesloftWorld('records', from, from + 1, 1, shape);
const record = world.conversations[0] as SalesloftRecord;
const transcript = record.transcript as NonNullable<SalesloftRecord['transcript']>;
const created = Math.ceil(record.createdAtUs / 1_000);
const late = created + 3_600_000;

const ask = (path: string, nowMs = late, of: SalesloftWorld = world, settings = salesloftDefaults) =>
  read(answerSalesloft(of, getRequest(path, '', settings.apiKey), nowMs, settings));
const changed = (change: Partial<SalesloftRecord>): SalesloftWorld => ({
  ...world,
  conversations: [{ ...record, ...change }],
});

describe('a row', () => {
  it('has every field of the documented example, of its type', () => {
    const row = ask('/v2/conversations').body.data[0];
    const types = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value]));
    const texts =
      'id platform media_type organization_id title owner_id user_guid event_end_date event_start_date language_code created_at updated_at';
    for (const name of texts.split(' ')) expect([name, types[name]]).toEqual([name, 'string']);
    expect(types).toMatchObject({ duration: 'number', started_recording_at: 'number', is_api: 'boolean' });
    for (const name of ['account', 'recording', 'transcription', 'transcription_sentences', 'transcription_artifact']) {
      expect(row[name]).toEqual({ id: expect.any(String), _href: expect.stringContaining(origin) });
    }
    expect(row).toHaveProperty('person');
    expect(row).toHaveProperty('call_id');
  });

  it('appears at its time, and its links fill and updated_at moves when the transcript lands', () => {
    expect(ask('/v2/conversations', created - 1).body.data).toEqual([]);
    const before = ask('/v2/conversations', created).body.data[0];
    expect([before.transcription, before.transcription_sentences, before.transcription_artifact]).toEqual([
      null,
      null,
      null,
    ]);
    expect(before.updated_at).toBe(before.created_at);
    const after = ask('/v2/conversations', created + 30_000).body.data[0];
    expect(after.transcription.id).toBe(transcript.id);
    expect(Date.parse(after.updated_at) - Date.parse(after.created_at)).toBe(30_000);
  });

  it('changes at the very microsecond of its update', () => {
    const at = (created + 5_000) * 1_000;
    const of = changed({ updatesUs: [at] });
    const stamp = (nowMs: number): string => ask('/v2/conversations', nowMs, of).body.data[0].updated_at;
    expect(stamp(created + 4_999)).toBe(ask('/v2/conversations', created).body.data[0].created_at);
    expect(Date.parse(stamp(created + 5_000))).toBe(created + 5_000);
  });

  it('writes its stamps with an offset when the record has one', () => {
    const row = ask('/v2/conversations', late, changed({ offsetMinutes: -300 })).body.data[0];
    expect(row.created_at).toMatch(/\.\d{6}-05:00$/);
    expect(Date.parse(row.created_at)).toBe(Math.floor(record.createdAtUs / 1_000));
  });

  it('stands under data when asked for by id, 404 before it is visible and after it is gone', () => {
    expect(ask(`/v2/conversations/${record.id}`).body.data).toEqual(ask('/v2/conversations').body.data[0]);
    expect(ask(`/v2/conversations/${record.id}`, created - 1)).toMatchObject({
      status: 404,
      body: { error: 'Not Found' },
    });
    expect(ask(`/v2/conversations/${record.id}`, late, changed({ deletedAtUs: record.createdAtUs + 1 })).status).toBe(
      404,
    );
    expect(ask('/v2/conversations/unknown').status).toBe(404);
    expect(ask(`/v2/conversations/${record.id}/nothing`).status).toBe(404);
  });

  it('is a 403 on request', () => {
    expect(ask(`/v2/conversations/${record.id}/extensive`, late, changed({ forbidden: true })).status).toBe(403);
  });
});

describe('the extensive record', () => {
  it('adds people and AI parts to the row, without transcription_sentences', () => {
    const { data } = ask(`/v2/conversations/${record.id}/extensive`).body;
    expect(data).not.toHaveProperty('transcription_sentences');
    expect(data).toMatchObject({ id: record.id, owner_email: record.ownerEmail, title: record.title });
    expect(data.attendees[0]).toEqual({
      id: record.attendees[0]?.id,
      full_name: record.attendees[0]?.fullName,
      email: record.attendees[0]?.email,
      is_internal: true,
    });
    expect(data.summary).toMatchObject({ status: 'completed', text: record.summary?.text });
    expect(data.action_items.items[0]).toMatchObject({ edited_text: null, original_text: expect.any(String) });
    expect(data.key_moments.items[0]).toHaveProperty('categories');
  });

  it('has no summary before its time', () => {
    expect(ask(`/v2/conversations/${record.id}/extensive`, created).body.data.summary).toBeNull();
  });
});

describe('a transcription', () => {
  const path = `/v2/transcriptions/${transcript.id}`;

  it('is a 404 until it lands', () => {
    expect(ask(path, created + 29_000).status).toBe(404);
    expect(ask(path).body.data).toMatchObject({ id: transcript.id, conversation: { id: record.id } });
  });

  it('has its sentences in pages: its own id on each, seconds, order, speakers that are attendees', () => {
    const { metadata, data } = ask(`${path}/sentences`).body;
    expect(metadata.paging.per_page).toBe(25);
    const speakers = new Set(record.attendees.map(({ id }) => id));
    data.forEach((sentence: Record<string, unknown>, i: number) => {
      expect(sentence).toMatchObject({ id: transcript.id, order_number: i + 1, conversation: { id: record.id } });
      expect(speakers).toContain(sentence['recording_attendee_id']);
    });
    expect(data[0].start_time).toBeLessThan(data[0].end_time);
    expect(data.at(-1).end_time).toBeLessThan(record.durationMs / 1_000 + 1);
  });

  it('has an artifact: a signed link to JSON that takes no token', () => {
    const { data } = ask(`${path}/artifact`).body;
    expect(data).toMatchObject({
      id: transcript.id,
      content_type: 'application/json',
      language_code: record.languageCode,
    });
    const request = { ...getRequest(''), url: data.url };
    expect(read(answerSalesloft(world, request, late)).body.sentences).toHaveLength(transcript.sentences.length);
    expect(answerSalesloft(world, { ...request, headers: { authorization: 'Bearer x' } }, late).status).toBe(400);
    expect(answerSalesloft(world, request, late + 3_600_000).status).toBe(403);
    expect(answerSalesloft(world, { ...request, url: `${data.url}0` }, late).status).toBe(403);
  });
});

describe('a recording', () => {
  const path = `/v2/conversations/${record.id}/recording`;

  it('is a signed link to audio', () => {
    const { data } = ask(path).body;
    const file = answerSalesloft(world, { ...getRequest(''), url: data.url }, late);
    expect(file.headers['content-type']).toBe('audio/wav');
    expect(Buffer.from(file.body).subarray(0, 4).toString()).toBe('RIFF');
  });

  it('comes in part', () => {
    const url = ask(path).body.data.url;
    const get = (headers: Record<string, string>, of = world) =>
      answerSalesloft(of, { ...getRequest(''), url, headers }, late);
    const whole = get({});
    const part = get({ range: 'bytes=44-99', 'if-range': whole.headers['etag'] ?? '' });
    expect(part.status).toBe(206);
    expect(Buffer.from(part.body)).toEqual(Buffer.from(whole.body).subarray(44, 100));
    expect(get({}, changed({ recordingBytes: 2 ** 30 })).stream?.length).toBe(2 ** 30);
    expect(get({}, changed({ deletedAtUs: late * 1_000 })).status).toBe(404);
  });

  it('is a 404 or a missing link until it is there, and a 403 without the permission', () => {
    expect(ask(path, late, changed({ recordingAtUs: null })).status).toBe(404);
    const silent = { ...salesloftDefaults, notReady: 'noLink' as const };
    expect(ask(path, late, changed({ recordingAtUs: null }), silent).body.data.url).toBeNull();
    expect(ask(path, late, world, { ...salesloftDefaults, mayDownload: false }).status).toBe(403);
  });
});

it('writes malformed fields as they are told', () => {
  const malformed = { id: null, duration: '"12"', title: '[[[', platform: 'NaN' };
  const answer = answerSalesloft(
    changed({ malformed }),
    getRequest('/v2/conversations', '', salesloftDefaults.apiKey),
    late,
  );
  expect(answer.body).toContain('"duration":"12","title":[[[,"platform":NaN}');
  expect(answer.body).not.toContain(`{"id":"${record.id}","duration"`);
});
