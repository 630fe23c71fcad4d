import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { Normalized } from '#shared/providers/connector.ts';
import { normalize } from '#shared/providers/talkdesk/normalize.ts';
import { interactionAnswer } from '#shared/providers/talkdesk/wire.ts';
import { writeInteraction } from '#shared/providers/talkdesk/write-interaction.ts';
import { writeRecordings } from '#shared/providers/talkdesk/write-recordings.ts';
import { foreignRecord, goldenRecords, storedOf } from './stored-of.ts';
import { arbitraryInteraction } from './talkdesk-sent.ts';

const runs = { numRuns: 50 };

/** The ids that Talkdesk gave, so that what is read back can be the same. */
const ownId = ({ key }: { key: string }) => key.replace('recording-', '');

/** The interaction through the schema of the answer, as JSON. */
function written(record: StoredRecord, id = record.conversation.externalId) {
  const interaction = interactionAnswer.parse(writeInteraction(record, id, ownId));
  return JSON.parse(JSON.stringify(interaction)) as typeof interaction;
}

/** With the recordings that were listed for it, where any were. */
function again(record: StoredRecord, id?: string): Normalized {
  const listed = record.conversation.metadata['recordingList'];
  const recordings = z.array(z.looseObject({ createdAt: z.unknown() })).safeParse(listed).data ?? [];
  const detail = { recordings: recordings.map(({ createdAt, ...fields }) => ({ ...fields, created_at: createdAt })) };
  return normalize({ listed: written(record, id), detail, sentAt: 0 });
}

describe('what the seed page shows', () => {
  const path = new URL('../fixtures/talkdesk/interactions.seed.json', import.meta.url);
  const [exchange] = JSON.parse(readFileSync(path, 'utf8')).exchange;

  it('is written as it was sent', () => {
    const [listed] = exchange.body._embedded.interactions;
    const stored = storedOf('talkdesk', normalize({ listed, detail: {}, sentAt: 0 }));
    const messages = listed.messages.map((message: object) => ({
      ...message,
      message_id: `${stored.conversation.uuid}-0`,
      message_index: 0,
    }));
    expect(written(stored)).toEqual({ ...listed, messages });
  });
});

describe('a record of Talkdesk', () => {
  const golden = goldenRecords('talkdesk');

  it.each(golden.map((one, i) => [`${i} ${one.externalId}`, one] as const))('reads back as it was: %s', (_, one) => {
    const { drift: _drift, artifacts, ...rest } = one;
    const { 'media:recording': _refused, ...parts } = artifacts;
    const back = again(storedOf('talkdesk', one));
    expect(back).toMatchObject(rest);
    expect(back.artifacts).toMatchObject(parts);
  });

  it('reads back as it was, whatever was sent', () => {
    void fc.assert(
      fc.property(arbitraryInteraction, (listed) => {
        const one = normalize({ listed, detail: {}, sentAt: 0 });
        const { drift: _drift, ...rest } = one;
        expect(again(storedOf('talkdesk', one))).toMatchObject(rest);
      }),
      runs,
    );
  });
});

describe('a record of another provider', () => {
  it('keeps what Talkdesk can carry', () => {
    void fc.assert(
      fc.property(
        foreignRecord,
        fc.constantFrom('voice', 'chat', 'sms', 'digital'),
        ({ conversation, transcript }, channel) => {
          const record = { conversation: { ...conversation, provider: 'vonage' as const, channel }, transcript };
          const back = again(record, conversation.uuid);
          const { startedAt, endedAt, durationMs, direction } = conversation;
          const end =
            startedAt && durationMs !== null ? new Date(Date.parse(startedAt) + durationMs).toISOString() : null;
          expect(back).toMatchObject({ externalId: conversation.uuid, drift: [], files: [] });
          expect(back.content).toMatchObject({ direction, channel, endedAt: endedAt ?? end });
          expect(back.content.startedAt).toBe(startedAt ?? conversation.firstSeenAt);
          const facts = (turns = transcript?.utterances) =>
            turns?.map(({ text, role, endMs, sentiment }) => [text, role, endMs, sentiment]);
          expect(facts(back.transcript?.utterances)).toEqual(facts());
          const agents = conversation.participants.filter(({ role, id, name }) => role === 'agent' && id && name);
          for (const { id } of agents)
            expect(back.content.participants).toContainEqual(expect.objectContaining({ id, role: 'agent' }));
        },
      ),
      runs,
    );
  });

  const [spoken] = goldenRecords('talkdesk').filter(({ transcript }) => transcript !== null);
  const base = storedOf('talkdesk', spoken as Normalized);
  const of = (change: object): StoredRecord => ({
    conversation: { ...base.conversation, provider: 'salesloft', metadata: {}, ...change },
    transcript: base.transcript,
  });
  const person = { id: null, role: 'customer', name: null, phone: null, email: null };

  it('has a customer whose id stays the same from conversation to conversation', () => {
    const idOf = (change: object, uuid = 'u1') =>
      written(of({ uuid, participants: [{ ...person, ...change }] })).customer_id;
    expect(idOf({ id: '77' })).toBe('77');
    expect(idOf({ email: 'Ada@acme.example' })).toBe(idOf({ email: 'ada@acme.example' }, 'u2'));
    expect(idOf({ email: 'ada@acme.example' })).not.toBe(idOf({ email: 'bo@acme.example' }));
    expect(idOf({ phone: '+441632960111' })).toMatch(/^[0-9a-f]{8}-/);
    expect(idOf({})).toBe('u1');
    expect(written(of({ participants: [] })).customer_id).toBe(base.conversation.uuid);
  });

  it('has the end that follows from its length, or none', () => {
    const ends = (change: object) => written(of(change)).ended_at;
    const startedAt = '2026-03-02T09:14:07.120Z';
    expect(ends({ startedAt, endedAt: null, durationMs: 1_500 })).toBe('2026-03-02T09:14:08.620000Z');
    expect(ends({ startedAt, endedAt: null, durationMs: null })).toBeNull();
  });

  it('has recordings of sound and picture, their length where Talkdesk told it', () => {
    const file = (key: string, kind: string, contentType: string) => ({
      key,
      kind,
      contentType,
      bytes: 1,
      sha512: 'a',
      object: 'o',
    });
    const media = [
      file('recording', 'recording', 'Audio/MPEG'),
      file('screen', 'screenRecording', 'video/webm'),
      file('transcript', 'transcript', 'application/json'),
      file('vm', 'voicemail', 'audio/wav'),
    ];
    const updatedAt = '2026-03-02T09:20:11.500Z';
    const participants = [
      { ...person, id: 'c1' },
      { ...person, role: 'agent', id: 'a1' },
    ];
    const channels = {
      channel_1: [{ participant_type: 'AGENT', participant_id: 'a1' }],
      channel_2: [{ participant_type: 'CONTACT', participant_id: 'c1' }],
    };
    const common = { call_id: 'call', created_at: '2026-03-02T09:20:11Z', agents: channels };
    const { conversation } = of({ media, updatedAt, participants, artifacts: {} });
    expect(writeRecordings(conversation, 'call', ownId)).toEqual([
      { ...common, id: 'recording', index: 0, type: 'conversation' },
      { ...common, id: 'screen', index: 1, type: 'conversation' },
      { ...common, id: 'vm', index: 2, type: 'voicemail' },
    ]);
    const recordingList = [
      { id: '1', type: 'consultation', index: 3, duration: 348, createdAt: '2026-03-02T09:21:00Z' },
    ];
    const own = {
      provider: 'talkdesk',
      metadata: { recordingList, customerId: 'c1' },
      media: [file('recording-1', 'recording', 'application/octet-stream')],
    };
    expect(writeRecordings(of({ ...own, participants, updatedAt, artifacts: {} }).conversation, 'call', ownId)).toEqual(
      [{ ...common, id: '1', index: 3, type: 'consultation', duration: 348, created_at: '2026-03-02T09:21:00Z' }],
    );
  });
});
