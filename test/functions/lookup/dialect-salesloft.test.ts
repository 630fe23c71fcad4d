import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { answersFor, walkWindow } from '#test/providers/walk.ts';
import { epoch } from '#test/support/records.ts';
import { dialectSession } from './dialect-session.ts';
import { fileBytes } from './provider-world.ts';
import {
  clock,
  dialectId,
  get,
  lookup,
  one,
  readings,
  setUpSharedFields,
  tokens,
  world,
} from './shared-fields-world.ts';

setUpSharedFields();

const session = () =>
  dialectSession(lookup, salesloft, { token: tokens['all'] ?? '', now: () => clock.now, root: '/v2' });

const idOf = (record: StoredRecord): string => dialectId('salesloft', record);
const spoken = () => one(({ transcript, conversation }) => transcript !== null && conversation.provider === 'talkdesk');
const silent = () => one(({ transcript }) => transcript === null);
const recorded = () =>
  one(({ conversation }) => conversation.media.length > 0 && conversation.provider !== 'salesloft');
const unrecorded = () => one(({ conversation }) => conversation.media.length === 0);

describe("Salesloft's own connector", () => {
  it('finds every conversation of every provider once, under the id of the dialect, and what was said', async () => {
    const [stream] = salesloft.streams;
    if (!stream) throw new Error('no stream');
    const window = { from: epoch - 86_400_000, to: clock.now };
    const { records } = await walkWindow(stream, session(), window);
    const answers = await answersFor(stream, session(), records);
    const copies = new Map(answers.map((answer) => stream.normalize(answer)).map((copy) => [copy.externalId, copy]));
    expect(records).toHaveLength(world.length);
    expect([...copies.keys()].toSorted()).toEqual(world.map(idOf).toSorted());
    for (const record of world) {
      const copy = copies.get(idOf(record));
      const { title, language, startedAt, endedAt, durationMs, summary, participants } = record.conversation;
      expect(copy?.content).toMatchObject({ title, language, startedAt, endedAt, durationMs, summary });
      expect(copy?.content.participants.map(({ name, email }) => [name, email])).toEqual(
        participants.map(({ name, email }) => [name, email]),
      );
      const turnsOf = (transcript: StoredRecord['transcript'] | undefined) =>
        transcript?.utterances.map(({ text, startMs, endMs }) => [text, startMs, endMs]) ?? null;
      expect(turnsOf(copy?.transcript)).toEqual(turnsOf(record.transcript));
      expect(copy?.files.map(({ key }) => key)).toEqual(record.conversation.media.map(({ key }) => key));
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

describe('one conversation', () => {
  it('is the row of the list, found by its own id or by our uuid', async () => {
    const own = one(({ conversation }) => conversation.provider === 'salesloft');
    const listed = await get(`/v2/conversations?ids=${idOf(own)}`);
    const byId = await get(`/v2/conversations/${idOf(own)}`);
    expect(byId.body).toEqual({ data: listed.body.data[0] });
    expect(byId.body.data.created_at).toBe(own.conversation.providerCreatedAt);
    expect((await get(`/v2/conversations/${own.conversation.uuid}`)).body).toEqual(byId.body);
    expect(byId.headers['x-ratelimit-endpoint-cost']).toBe('1');
  });

  it('shows the summary to those alone who may see it, and the file to those who may hear it', async () => {
    const path = `/v2/conversations/${idOf(recorded())}`;
    expect((await get(`${path}/extensive`)).body.data).toHaveProperty('summary');
    expect((await get(`${path}/extensive`, 'reader')).body.data).not.toHaveProperty('summary');
    expect((await get(`${path}/recording`, 'recordings')).body.data.url).toMatch(
      /^http:\/\/earshot\.example\/v1\/conversations\/.+\?link=/,
    );
    expect((await get(`${path}/recording`, 'public')).status).toBe(403);
  });

  it('names a transcription once there is one, and links under the address that was asked', async () => {
    const { body } = await get(`/v2/conversations/${idOf(spoken())}`);
    const { id } = body.data.transcription;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).not.toBe(idOf(spoken()));
    expect(body.data.transcription_sentences).toEqual({
      ...{ id, _href: `http://earshot.example/v2/transcriptions/${id}/sentences` },
    });
    const without = await get(`/v2/conversations/${idOf(silent())}`);
    expect(without.body.data).toMatchObject({ transcription: null, transcription_sentences: null });
  });

  it('is the same 404 whether it does not exist or may not be seen', async () => {
    const hidden = one(({ conversation }) => conversation.provider === 'salesloft');
    const answers = [
      await get(`/v2/conversations/${idOf(hidden)}`, 'foreign'),
      await get(`/v2/conversations/${hidden.conversation.uuid}/extensive`, 'foreign'),
      await get('/v2/conversations/99999999-9999-4999-8999-999999999999', 'foreign'),
      await get('/v2/conversations/%00%2F..%2F', 'foreign'),
    ];
    for (const { status, text } of answers) expect([status, text]).toEqual([404, answers[0]?.text]);
    expect(answers[0]?.body).toEqual({ error: expect.any(String) });
    expect((await get('/v2/conversations?include_paging_counts=true', 'foreign')).body.metadata.paging).toMatchObject({
      total_count: world.filter(({ conversation }) => ['vonage', 'talkdesk'].includes(conversation.provider)).length,
    });
  });
});

describe('transcriptions', () => {
  it('lists all that are ready, filtered and sorted', async () => {
    const ready = world.filter(({ transcript }) => transcript !== null);
    const { body } = await get('/v2/transcriptions?per_page=100&sort_by=updated_at&include_paging_counts=true');
    expect(body.metadata.paging.total_count).toBe(ready.length);
    const updated = body.data.map((row: { updated_at: string }) => row.updated_at);
    expect(updated).toEqual(updated.toSorted().reverse());
    expect(new Set(body.data.map((row: { conversation: { id: string } }) => row.conversation.id))).toEqual(
      new Set(ready.map(idOf)),
    );
    const [first, second] = body.data;
    const since = encodeURIComponent(second.updated_at);
    const later = await get(`/v2/transcriptions?per_page=100&updated_at[gte]=${since}&sort_by=updated_at`);
    expect(later.body.data).toEqual(
      body.data.filter((row: { updated_at: string }) => row.updated_at >= second.updated_at),
    );
    expect((await get(`/v2/transcriptions/${first.id}`)).body).toEqual({ data: first });
    expect((await get(`/v2/transcriptions?ids[]=${first.id}&ids[]=${second.id}`)).body.data).toHaveLength(2);
    const english = ready.filter(({ conversation }) => conversation.language === 'en-GB');
    expect((await get('/v2/transcriptions?language_code=en-GB&per_page=100')).body.data).toHaveLength(english.length);
  });

  it('gives sentences page by page, in seconds, and notes who read them', async () => {
    const record = spoken();
    const { body } = await get(`/v2/conversations/${idOf(record)}/extensive`);
    const { id } = body.data.transcription;
    readings.length = 0;
    const page = await get(`/v2/transcriptions/${id}/sentences?per_page=1`);
    expect(page.body.data).toEqual([
      {
        ...{ id, order_number: 1, start_time: 0.42, end_time: 3.87, text: record.transcript?.utterances[0]?.text },
        ...{
          recording_attendee_id: body.data.attendees[1].id,
          conversation: { id: idOf(record), _href: expect.any(String) },
        },
      },
    ]);
    expect(page.body.metadata).toEqual({ paging: { per_page: 1, current_page: 1, next_page: 2, prev_page: null } });
    expect(readings).toEqual([{ client: 'all', conversation: record.conversation.id, kind: 'transcript' }]);
    expect((await get(`/v2/transcriptions/${id}/sentences?page=2&per_page=1`)).body.data[0].order_number).toBe(2);
    expect((await get(`/v2/transcriptions/${id}/sentences`, 'reader')).status).toBe(403);
  });

  it('links to the file that Salesloft made', async () => {
    const record = one(({ conversation }) => conversation.media.some(({ key }) => key === 'transcriptArtifact'));
    const { id, _href } = (await get(`/v2/conversations/${idOf(record)}`)).body.data.transcription_artifact;
    const { body } = await get(_href.replace('http://earshot.example', ''));
    expect(body.data).toMatchObject({ id, content_type: 'application/json', conversation: { id: idOf(record) } });
    const kind = 'transcriptArtifact';
    const file = { key: kind, kind, contentType: null, bytes: null, revision: id };
    expect((await session().bytes({ externalId: idOf(record), file }))?.bytes).toEqual(fileBytes);
    expect((await get(`/v2/transcriptions/${id}/artifact`, 'public')).status).toBe(403);
  });

  it('has an artifact only where Salesloft made one, and nothing for the uuid of a conversation', async () => {
    const { id } = (await get(`/v2/conversations/${idOf(spoken())}`)).body.data.transcription;
    expect((await get(`/v2/transcriptions/${id}/artifact`)).status).toBe(404);
    for (const path of [idOf(spoken()), 'x', '99999999-9999-4999-8999-999999999999']) {
      expect((await get(`/v2/transcriptions/${path}/sentences`)).status).toBe(404);
    }
  });
});
