import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { answersFor, walkWindow } from '#test/providers/walk.ts';
import { epoch } from '#test/support/records.ts';
import { dialectSession } from './dialect-session.ts';
import { fileBytes } from './provider-world.ts';
import { clock, dialectId, lookup, one, readings, setUpSharedFields, tokens, world } from './shared-fields-world.ts';

setUpSharedFields();

const session = () => dialectSession(lookup, magpipe, { token: tokens['all'] ?? '', now: () => clock.now });

/** A POST by a client, its body as JSON or as the text given. */
async function post(path: string, question: unknown, client = 'all') {
  const headers = { authorization: `Bearer ${tokens[client]}`, host: 'earshot.example' };
  const body = typeof question === 'string' ? question : JSON.stringify(question);
  const answer = await lookup.call(path, { method: 'POST', headers, body });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

const idOf = (record: StoredRecord): string => dialectId('magpipe', record);
const spoken = () => one(({ transcript }) => transcript !== null);
const recorded = () => one(({ conversation }) => conversation.media.length > 0);
const unrecorded = () => one(({ conversation }) => conversation.media.length === 0);

describe("Magpipe's own connector", () => {
  it('finds every conversation of every provider once, under the id of the dialect, and what was said', async () => {
    const [stream] = magpipe.streams;
    if (!stream) throw new Error('no stream');
    const { records } = await walkWindow(stream, session(), { from: epoch - 86_400_000, to: clock.now });
    const answers = await answersFor(stream, session(), records);
    const copies = new Map(answers.map((answer) => stream.normalize(answer)).map((copy) => [copy.externalId, copy]));
    expect(records).toHaveLength(world.length);
    expect([...copies.keys()].toSorted()).toEqual(world.map(idOf).toSorted());
    for (const record of world) {
      const copy = copies.get(idOf(record));
      const { endedAt, durationMs, summary, direction, status, participants } = record.conversation;
      const isOwn = record.conversation.provider === 'magpipe';
      const shownMs = durationMs === null || isOwn ? durationMs : Math.round(durationMs / 1_000) * 1_000;
      expect(copy?.content).toMatchObject({ endedAt, durationMs: shownMs, summary, direction, status });
      const phonesOf = (all: readonly { phone: string | null }[] = []) => all.flatMap(({ phone }) => phone ?? []);
      expect(phonesOf(copy?.content.participants)).toEqual(phonesOf(participants));
      const turnsOf = (transcript: StoredRecord['transcript'] | undefined) =>
        transcript?.utterances.map(({ text, startMs, endMs }) => [text, startMs, endMs]) ?? null;
      expect(turnsOf(copy?.transcript)).toEqual(turnsOf(record.transcript));
      expect(copy?.files).toHaveLength(Math.min(1, record.conversation.media.length));
      expect(copy?.drift).toEqual([]);
    }
  });

  it('gets the bytes of a recording by a link that needs no header', async () => {
    const file = { key: 'recording', kind: 'recording', contentType: null, bytes: null, revision: null };
    const answer = await session().bytes({ externalId: idOf(recorded()), file });
    expect([answer?.status, answer?.bytes]).toEqual([200, fileBytes]);
    expect(await session().bytes({ externalId: idOf(unrecorded()), file })).toBe(null);
  });
});

describe('one call', () => {
  it('is the same by POST, by GET, by its own id and by our uuid', async () => {
    const own = one(({ conversation }) => conversation.provider === 'magpipe');
    const { status, body } = await post('/get-call', { call_id: idOf(own) });
    expect([status, body.id]).toEqual([200, idOf(own)]);
    const gotten = await lookup.get(`/get-call?call_id=${idOf(own)}`, tokens['all'], { host: 'earshot.example' });
    expect(gotten.json()).toEqual(body);
    expect((await post('/get-call', { call_id: own.conversation.uuid, mood: 1 })).body).toEqual(body);
  });

  it('shows what was said to those who may read it, and notes that they did', async () => {
    const record = spoken();
    readings.length = 0;
    const { body } = await post('/get-call', { call_id: idOf(record) });
    expect(body).toMatchObject({ transcript: expect.any(String), call_summary: record.conversation.summary });
    expect(readings).toEqual([{ client: 'all', conversation: record.conversation.id, kind: 'transcript' }]);
    const bare = await post('/get-call', { call_id: idOf(record) }, 'reader');
    expect(bare.body).toMatchObject({ transcript: null, call_summary: null, recording_url: null });
    expect(bare.body).not.toHaveProperty('transcript_segments');
    await post('/get-call', { call_id: idOf(one(({ transcript }) => transcript === null)) });
    expect(readings).toHaveLength(1);
    const listed = await post('/list-calls', { limit: 100 }, 'reader');
    expect(listed.body.calls.every((row: { call_summary: unknown }) => row.call_summary === null)).toBe(true);
  });

  it('links to its recording for as long as asked, at most a day', async () => {
    const call_id = idOf(recorded());
    const { body } = await post('/get-signed-recording-url', { call_id, expires_in: 60 }, 'recordings');
    expect(body).toEqual({
      recording_url: expect.stringMatching(/^http:\/\/earshot\.example\/v1\/conversations\/.+\?link=/),
      expires_at: new Date(clock.now + 60_000).toISOString().replace('.000Z', 'Z'),
    });
    const long = await post('/get-signed-recording-url', { call_id, expires_in: 999_999_999 });
    expect(Date.parse(long.body.expires_at)).toBe(clock.now + 86_400_000);
    expect((await post('/get-signed-recording-url', { call_id }, 'public')).status).toBe(403);
    expect((await post('/get-call', { call_id }, 'public')).body.recording_url).toBe(null);
    const none = await post('/get-signed-recording-url', { call_id: idOf(unrecorded()) });
    expect([none.status, none.body.error.code]).toEqual([404, 'no_recording']);
  });

  it('is the same 404 whether it does not exist or may not be seen', async () => {
    const hidden = idOf(one(({ conversation }) => conversation.provider === 'magpipe'));
    for (const call_id of [hidden, 'x', '\0/../']) {
      for (const path of ['/get-call', '/get-signed-recording-url']) {
        const { status, body } = await post(path, { call_id }, 'foreign');
        expect([status, body]).toEqual([404, { error: { code: 'not_found', message: 'Call not found' } }]);
      }
    }
    const { total } = (await post('/list-calls', '', 'foreign')).body;
    expect(total).toBe(
      world.filter(({ conversation }) => ['vonage', 'talkdesk'].includes(conversation.provider)).length,
    );
  });
});

describe('what is wrong', () => {
  it.each([
    ['/get-call', '', 400, 'missing_param'],
    ['/get-call', { call_id: null }, 400, 'missing_param'],
    ['/get-call', { call_id: 7 }, 400, 'invalid_param'],
    ['/get-call', { call_id: 'x'.repeat(600) }, 400, 'invalid_param'],
    ['/get-call', '{"call_id":', 400, 'invalid_json'],
    ['/get-call', '[]', 400, 'invalid_json'],
    ['/get-call', 'null', 400, 'invalid_json'],
    ['/get-call', '['.repeat(50_000), 400, 'invalid_json'],
    ['/list-calls', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'invalid_json'],
    ['/list-calls', `{"a":"${'x'.repeat(70_000)}"}`, 413, 'body_too_large'],
    ['/list-calls', { limit: 0 }, 400, 'invalid_param'],
    ['/list-calls', { limit: '5' }, 400, 'invalid_param'],
    ['/list-calls', { offset: -1 }, 400, 'invalid_param'],
    ['/list-calls', { offset: 1e300 }, 400, 'invalid_param'],
    ['/list-calls', { direction: 'sideways' }, 400, 'invalid_param'],
    ['/list-calls', { status: ['completed'] }, 400, 'invalid_param'],
    ['/list-calls', { from_date: 'soon' }, 400, 'invalid_param'],
    ['/list-calls', { to_date: '2026-02-30T00:00:00Z' }, 400, 'invalid_param'],
    ['/get-signed-recording-url', { call_id: 'x', expires_in: 1.5 }, 400, 'invalid_param'],
  ])('%s with %j is %i %s', async (path, question, status, code) => {
    const answer = await post(path, question);
    expect([answer.status, answer.body]).toEqual([status, { error: { code, message: expect.any(String) } }]);
  });

  it.each(['', '{}', ' \n', '{"limit":null,"__proto__":{"limit":0}}', '{"offset":1000000,"limit":1000}'])(
    'stands the body %j',
    async (body) => expect((await post('/list-calls', body)).status).toBe(200),
  );

  it('says so in the shape of Magpipe', async () => {
    const headers = { authorization: `Bearer ${tokens['recordings']}` };
    const answers = [
      [401, 'unauthorized', await lookup.call('/list-calls', { method: 'POST' })],
      [403, 'forbidden', await lookup.call('/list-calls', { method: 'POST', headers })],
      [405, 'method_not_allowed', await lookup.get('/list-calls', tokens['all'])],
      [400, 'missing_param', await lookup.get('/get-call?id=1', tokens['all'])],
      [400, 'invalid_param', await lookup.get('/get-call?call_id=', tokens['all'])],
      [400, 'invalid_param', await lookup.get('/get-call?call_id=1&call_id=2', tokens['all'])],
      [404, 'not_found', await lookup.get('/get-call?call_id=%ff%00', tokens['all'])],
    ] as const;
    for (const [status, code, answer] of answers) {
      expect([answer.status, answer.json()]).toEqual([status, { error: { code, message: expect.any(String) } }]);
    }
  });
});
