import { describe, expect, it } from 'vitest';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import { answerMagpipe } from '#infra/local/fakes/magpipe/answer.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { type MagpipeSettings, magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeCall, MagpipeWorld } from '#infra/local/fakes/magpipe/world.ts';
import { getRequest, origin, read } from './asking.ts';

const second = 1_000_000;
const from = Date.parse('2026-03-02T09:00:00Z');
const world = inventMagpipeWorld('calls', from, from + 3_600_000, 60, { neverShare: 0 });
const answered = world.calls.find(({ answeredAtUs }) => answeredAtUs !== null) as MagpipeCall;
const unanswered = world.calls.find(({ answeredAtUs }) => answeredAtUs === null) as MagpipeCall;
const later = from + 7_200_000;

const post = (endpoint: string, body: unknown, token = magpipeDefaults.apiToken): FakeRequest => ({
  method: 'POST',
  url: `${origin}/functions/v1/${endpoint}`,
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const ask = (
  request: FakeRequest,
  { nowMs = later, of = world, ...settings }: Partial<MagpipeSettings> & { nowMs?: number; of?: MagpipeWorld } = {},
) => read(answerMagpipe(of, request, nowMs, { ...magpipeDefaults, ...settings }));
const get = (call: MagpipeCall, options: Parameters<typeof ask>[1] = {}) =>
  ask(post('get-call', { call_id: call.id }), { of: { calls: [call] }, ...options });

describe('get-call', () => {
  it('has every documented field, of its type', () => {
    expect(get({ ...answered, hasSegments: true, metadata: { site: 'harbour' } }).body).toEqual({
      id: answered.id,
      agent_id: expect.any(String),
      agent_name: expect.any(String),
      from_number: expect.stringMatching(/^\+44207946\d{4}$/),
      to_number: expect.stringMatching(/^\+44207946\d{4}$/),
      direction: answered.direction,
      status: 'completed',
      duration: expect.any(Number),
      recording_url: expect.stringMatching(/\.wav\?expires=\d+&signature=/),
      transcript: expect.stringMatching(/^Agent: .+\n\nCaller: .+/),
      transcript_segments: expect.arrayContaining([
        { speaker: 'agent', text: expect.any(String), start_time: expect.any(Number), end_time: expect.any(Number) },
      ]),
      sentiment: expect.any(String),
      call_summary: expect.any(String),
      metadata: { site: 'harbour' },
      started_at: expect.stringMatching(/\.\d{6}Z$/),
      ended_at: expect.stringMatching(/\.\d{6}Z$/),
      created_at: expect.stringMatching(/\.\d{6}Z$/),
    });
    expect(get({ ...answered, hasSegments: false }).body).not.toHaveProperty('transcript_segments');
  });

  it('takes the id from the body, or from the query as its page is headed', () => {
    const byQuery = getRequest('/functions/v1/get-call', { call_id: answered.id }, magpipeDefaults.apiToken);
    expect(ask(byQuery).body).toEqual(ask(post('get-call', { call_id: answered.id })).body);
  });

  it.each<[string, FakeRequest, number, string]>([
    ['no id', post('get-call', {}), 400, 'missing_param'],
    ['an unknown id', post('get-call', { call_id: 'nobody' }), 404, 'not_found'],
    ['a body that cannot be read', post('get-call', '{"call_id"'), 500, 'server_error'],
    ['another token', post('get-call', { call_id: answered.id }, 'mgp_other'), 401, 'unauthorized'],
    ['an unknown endpoint', post('end-call', {}), 404, 'not_found'],
  ])('refuses %s', (_name, request, status, code) => {
    const error = { code, message: expect.any(String) };
    expect(ask(request)).toMatchObject({ status, body: { error } });
    expect(ask(request, { envelope: 'wrapped' }).body).toEqual({ data: null, error });
    expect(ask(request, { errors: 'text' }).body).toEqual({ error: expect.any(String) });
  });

  it('may stand inside {data, error}', () => {
    const bare = get(answered).body;
    expect(get(answered, { envelope: 'wrapped' }).body).toEqual({ data: bare, error: null });
  });

  it('leaves the agent without name where the documents know none', () => {
    expect(get(answered, { rows: 'documented' }).body).toMatchObject({ started_at: expect.any(String) });
    expect(get(answered, { rows: 'documented' }).body).not.toHaveProperty('agent_name');
  });
});

describe('a call', () => {
  const { createdAtUs } = answered;
  const course: MagpipeCall = {
    ...answered,
    statuses: [
      { atUs: createdAtUs, status: 'initiated' },
      { atUs: createdAtUs + 5 * second, status: 'in-progress' },
      { atUs: createdAtUs + 65 * second, status: 'completed' },
    ],
    answeredAtUs: createdAtUs + 5 * second,
    endedAtUs: createdAtUs + 65 * second,
    recordingAtUs: createdAtUs + 70 * second,
    transcriptAtUs: createdAtUs + 100 * second,
    sentiment: { label: 'neutral', atUs: createdAtUs + 110 * second },
    summary: { text: 'So.', atUs: createdAtUs + 120 * second },
    hasSegments: true,
  };
  const shownAfter = (seconds: number) => get(course, { nowMs: Math.ceil(createdAtUs / 1_000) + seconds * 1_000 }).body;

  it('is made, answered and ended, and only then gets its parts', () => {
    expect(shownAfter(1)).toMatchObject({ status: 'initiated', duration: null, started_at: null, ended_at: null });
    expect(shownAfter(10)).toMatchObject({ status: 'in-progress', started_at: expect.any(String), ended_at: null });
    expect(shownAfter(66)).toMatchObject({ status: 'completed', duration: 60, recording_url: null, transcript: null });
    expect(shownAfter(71)).toMatchObject({
      recording_url: expect.any(String),
      transcript: null,
      transcript_segments: [],
    });
    expect(shownAfter(101)).toMatchObject({ transcript: expect.any(String), sentiment: null, call_summary: null });
    expect(shownAfter(111)).toMatchObject({ sentiment: 'neutral', call_summary: null });
    expect(shownAfter(121)).toMatchObject({ sentiment: 'neutral', call_summary: 'So.' });
  });

  it('that nobody answers ends without any of them', () => {
    const { body } = get(unanswered);
    expect(['busy', 'no-answer', 'failed', 'canceled']).toContain(body.status);
    expect(body).toMatchObject({
      duration: 0,
      recording_url: null,
      transcript: null,
      sentiment: null,
      started_at: null,
    });
  });

  it('goes from the customer to us or the other way round', () => {
    const { customerNumber, serviceNumber } = answered;
    const [inbound, outbound] = (['inbound', 'outbound'] as const).map(
      (direction) => get({ ...answered, direction }).body,
    );
    expect([inbound.from_number, inbound.to_number]).toEqual([customerNumber, serviceNumber]);
    expect([outbound.from_number, outbound.to_number]).toEqual([serviceNumber, customerNumber]);
  });

  it('is there while it is visible', () => {
    const brief = { ...answered, visibleAtUs: later * 1_000, deletedAtUs: (later + 1_000) * 1_000 };
    expect([-1, 0, 999, 1_000].map((ms) => get(brief, { nowMs: later + ms }).status)).toEqual([404, 200, 200, 404]);
  });

  it('may never end, and may have no status', () => {
    expect(get({ ...course, endedAtUs: null, statuses: [{ atUs: 0, status: '' }] }).body).toMatchObject({
      status: '',
      ended_at: null,
      duration: null,
    });
  });

  it('may be malformed', () => {
    expect(get({ ...answered, malformed: { duration: '"94"', status: null } }).body).toMatchObject({ duration: '94' });
  });
});
