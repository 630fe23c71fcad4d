import { describe, expect, test } from 'vitest';
import { dialectIdOf } from '#functions/lookup/records/dialect-ids.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';
import { ask as askWith, copyBy, readings, recordFrom, sessionOf, setUpDialectWorld, world } from './dialect-world.ts';
import type { HttpCall } from './lookup-harness.ts';
import { fileBytes } from './provider-world.ts';

setUpDialectWorld();

const base = '/interaction-content/interactions';
const accept = 'application/vnd.newvoicemedia.v3+json';
const seed = '0164705c-c206-dce9-d61a-9899855326a0';
const ask = (target: string, { headers, ...call }: HttpCall & { client?: string } = {}) =>
  askWith(target, { ...call, headers: { accept, ...headers } });
const get = async (target: string) => {
  const answer = await ask(target);
  return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> };
};

const idOf = ({ conversation }: (typeof world)[number]) => dialectIdOf('vonage', conversation);
const ownOf = () => world.filter(({ conversation }) => conversation.provider === 'vonage');

describe('the Vonage connector, pointed at Earshot', () => {
  test('sees every conversation of every provider, once each', async () => {
    const copies = await copyBy(vonage, await sessionOf(vonage));
    expect(copies.map(({ externalId }) => externalId).sort()).toEqual(world.map(idOf).sort());
    expect(new Set(world.map(({ conversation }) => conversation.provider)).size).toBe(4);
    const byId = new Map(copies.map((copy) => [copy.externalId, copy]));
    for (const record of world) {
      const { conversation, transcript } = record;
      const copy = byId.get(idOf(record));
      expect(copy?.content.startedAt).toBe(conversation.startedAt ?? conversation.firstSeenAt);
      expect(copy?.content.direction).toBe(conversation.direction);
      expect(copy?.transcript?.text).toBe(transcript?.text.trim());
      expect(copy?.drift).toEqual([]);
      const keys = copy?.files.map(({ key }) => key);
      if (conversation.media.length === 0) expect(keys).toContain('interactionLog');
      else expect(keys?.toSorted()).toEqual(conversation.media.map(({ key }) => key).toSorted());
    }
    // The details were asked for with their transcripts: each is noted.
    const told = new Set(readings.filter(({ kind }) => kind === 'transcript').map(({ conversation }) => conversation));
    expect(told).toEqual(
      new Set(world.filter(({ transcript }) => transcript).map(({ conversation }) => conversation.id)),
    );
  });

  test('has of the own records all that is stored', async () => {
    const copies = await copyBy(vonage, await sessionOf(vonage));
    expect(ownOf().length).toBeGreaterThan(0);
    for (const { conversation, transcript } of ownOf()) {
      const copy = copies.find(({ externalId }) => externalId === conversation.externalId);
      const { channel, participants, sentiment, categories, talkTime, metadata, language, status } = conversation;
      expect(copy?.content).toMatchObject({
        channel,
        participants,
        sentiment,
        categories,
        talkTime,
        metadata,
        language,
        status,
      });
      expect(copy?.transcript).toEqual(transcript);
    }
  });

  test('gets the bytes of every file', async () => {
    const session = await sessionOf(vonage);
    const copies = await copyBy(vonage, session);
    for (const { externalId, files } of copies) {
      for (const file of files) {
        const answer = await session.bytes({ externalId, file });
        expect([answer?.status, answer?.bytes.length]).toEqual([200, file.bytes]);
        if (!['interactionLog', 'transcript'].includes(file.key)) expect(answer?.bytes).toEqual(fileBytes);
      }
    }
  });

  test('asks again for one by its GUID', async () => {
    const session = await sessionOf(vonage);
    const [stream] = vonage.streams;
    const references = world.map((record) => ({
      ...{
        externalId: idOf(record),
        startedAt: '2020-01-01T00:00:00.000Z',
        endedAt: null,
        open: ['transcript', 'media:x'],
      },
    }));
    const answers = await stream?.again.fetch(session, references);
    expect(answers?.map((answer) => answer && stream?.normalize(answer).externalId)).toEqual(world.map(idOf));
  });
});

describe('content', () => {
  const at = (id: string, key: string) => `${base}/${id}/content/${key}`;
  const bare = () => recordFrom('talkdesk', ({ externalId }) => externalId.startsWith('597a'));

  test('is the bytes of a file, whole or in part', async () => {
    const whole = await ask(at(seed, 'callRecording'));
    expect([whole.status, whole.headers['content-type'], whole.bytes]).toEqual([200, 'audio/wav', fileBytes]);
    const part = await ask(at(seed, 'callRecording'), { headers: { range: 'bytes=2-5' } });
    expect([part.status, part.bytes]).toEqual([206, fileBytes.subarray(2, 6)]);
    expect(readings.map(({ kind }) => kind)).toEqual(['media:callRecording', 'media:callRecording']);
    const recorded = recordFrom('magpipe', ({ media }) => media.length > 0).conversation;
    expect((await ask(at(recorded.uuid, 'callRecording'))).bytes).toEqual(fileBytes);
  });

  test('of a conversation without files is a log and its transcript', async () => {
    const { conversation, transcript } = bare();
    const { body } = await get(`${base}/${conversation.uuid}`);
    const listed = JSON.parse(JSON.stringify(body['content']));
    expect(listed.map(({ contentKey }: { contentKey: string }) => contentKey)).toEqual([
      'interactionLog',
      'transcript',
    ]);
    for (const { contentKey, contentLength } of listed) {
      const path = at(conversation.uuid, contentKey);
      const whole = await ask(path);
      expect([whole.status, whole.headers['content-length'], whole.bytes.length]).toEqual([
        200,
        `${contentLength}`,
        contentLength,
      ]);
      const head = await ask(path, { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.text]).toEqual([200, `${contentLength}`, '']);
      const { etag = '' } = whole.headers;
      const part = await ask(path, { headers: { range: 'bytes=-4', 'if-range': etag } });
      expect([part.status, part.headers['content-range'], part.text]).toEqual([
        206,
        `bytes ${contentLength - 4}-${contentLength - 1}/${contentLength}`,
        whole.text.slice(-4),
      ]);
      expect((await ask(path, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })).status).toBe(200);
      expect((await ask(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await ask(path, { headers: { 'if-match': '"other"' } })).status).toBe(412);
      const beyond = await ask(path, { headers: { range: `bytes=${contentLength}-` } });
      expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${contentLength}`]);
    }
    const { phrases } = JSON.parse((await ask(at(conversation.uuid, 'transcript'))).text);
    expect(phrases.map(({ text }: { text: string }) => text)).toEqual(transcript?.utterances.map(({ text }) => text));
    expect(new Set(readings.map(({ kind }) => kind))).toEqual(new Set(['media:interactionLog', 'transcript']));
  });

  test('needs a scope for files, and is not there under another key', async () => {
    expect((await ask(at(seed, 'callRecording'), { client: 'reader' })).status).toBe(403);
    expect((await ask(at(seed, 'callRecording'), { client: 'recordings' })).status).toBe(200);
    const { uuid } = bare().conversation;
    expect((await ask(at(uuid, 'interactionLog'), { client: 'recordings' })).status).toBe(403);
    expect((await ask(at(uuid, 'transcript'), { client: 'recordings' })).status).toBe(403);
    for (const [id, key] of [
      [seed, 'interactionLog'],
      [seed, '..%2F..%00'],
      [uuid, 'callRecording'],
      ['nobody', 'callRecording'],
    ] as const) {
      const { status, body } = await get(at(id, key));
      expect([status, body]).toEqual([404, { message: expect.any(String) }]);
    }
  });
});
