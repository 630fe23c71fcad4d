import { describe, expect, test } from 'vitest';
import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { dialectIdOf } from '#functions/lookup/records/dialect-ids.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { recordedMedia } from '#shared/providers/talkdesk/write-recordings.ts';
import { copyBy, sessionOf, setUpDialectWorld, world } from './dialect-world.ts';
import { fileBytes } from './provider-world.ts';

setUpDialectWorld();

const idOf = ({ conversation }: (typeof world)[number]) => dialectIdOf('talkdesk', conversation);

describe('the Talkdesk connector, pointed at Earshot', () => {
  test('sees every conversation of every provider, once each, as far as Talkdesk can carry it', async () => {
    const copies = await copyBy(talkdesk, await sessionOf(talkdesk));
    expect(copies.map(({ externalId }) => externalId).sort()).toEqual(world.map(idOf).sort());
    expect(new Set(world.map(({ conversation }) => conversation.provider)).size).toBe(4);
    const byId = new Map(copies.map((copy) => [copy.externalId, copy]));
    for (const record of world) {
      const { conversation, transcript } = record;
      const copy = byId.get(idOf(record));
      expect(copy?.content.startedAt).toBe(conversation.startedAt ?? conversation.firstSeenAt);
      expect(copy?.content.direction).toBe(conversation.direction);
      expect(copy?.drift).toEqual([]);
      const facts = (turns = transcript?.utterances) =>
        turns?.map(({ text, role, sentiment }) => [text, role, sentiment]);
      expect(facts(copy?.transcript?.utterances)).toEqual(facts());
      const { uuid } = conversation;
      const recordings = recordedMedia(conversation).map(({ key }) => `recording-${fileCode({ uuid, key })}`);
      expect(copy?.files.map(({ key }) => key).toSorted()).toEqual(recordings.toSorted());
    }
  });

  test('has of the own records all that is stored', async () => {
    const copies = await copyBy(talkdesk, await sessionOf(talkdesk));
    const own = world.filter(({ conversation }) => conversation.provider === 'talkdesk');
    for (const { conversation, transcript } of own) {
      const copy = copies.find(({ externalId }) => externalId === conversation.externalId);
      const { channel, participants, metadata, status, endedAt, durationMs } = conversation;
      expect(copy?.content).toMatchObject({ channel, participants, metadata, status, endedAt, durationMs });
      expect(copy?.transcript).toEqual(transcript);
    }
  });

  test('gets the bytes of every recording, and one conversation again', async () => {
    const session = await sessionOf(talkdesk);
    const copies = await copyBy(talkdesk, session);
    expect(copies.flatMap(({ files }) => files).length).toBeGreaterThan(0);
    for (const { externalId, files } of copies) {
      for (const file of files) expect((await session.bytes({ externalId, file }))?.bytes).toEqual(fileBytes);
    }
    const [stream] = talkdesk.streams;
    const references = world.flatMap((record) => {
      const { startedAt, endedAt } = record.conversation;
      return startedAt === null ? [] : [{ externalId: idOf(record), startedAt, endedAt, open: ['transcript'] }];
    });
    for (const reference of references) {
      const [answer] = (await stream?.again.fetch(session, [reference])) ?? [];
      expect(answer && stream?.normalize(answer).externalId).toBe(reference.externalId);
    }
  });
});
