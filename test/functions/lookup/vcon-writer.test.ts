import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeVcon } from '#functions/lookup/vcon/write-vcon.ts';
import {
  channels,
  directions,
  providerNames,
  type StoredConversation,
  type StoredRecord,
  statuses,
} from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';
import { type Participant, participantRoles } from '#shared/domain/participant.ts';
import { arbitraryTranscript, epoch, recordOf } from '#test/support/records.ts';
import { expectVcon } from './vcon-check.ts';

const origin = 'https://lookup.example';
const written = (given: Partial<StoredConversation>, transcript: StoredRecord['transcript'] = null) => {
  const vcon = writeVcon({ conversation: { ...recordOf('call/1').conversation, ...given }, transcript }, origin);
  expectVcon(vcon);
  return vcon;
};

const digest = createHash('sha512').update('bytes');
const sha512 = digest.copy().digest('hex');
const file = (key: string, contentType = 'audio/wav'): StoredMedia => ({
  ...{ key, kind: 'callRecording', contentType, bytes: 5, sha512, object: 'media/o' },
});
const person = (role: Participant['role'], more: Partial<Participant> = {}): Participant => ({
  ...{ id: null, role, name: null, phone: null, email: null, ...more },
});

describe('dialogs', () => {
  const about = {
    start: '2026-11-02T09:00:00.000Z',
    parties: [0],
    application: 'talkdesk',
    interaction_id: 'call/1',
  };

  it('the only recording is the conversation: address, hash, type, length in seconds', () => {
    const { dialog } = written({ media: [file('a/b')], durationMs: 61_500 });
    expect(dialog).toEqual([
      {
        ...about,
        type: 'recording',
        duration: 61.5,
        mediatype: 'audio/wav',
        filename: 'a_b.wav',
        url: `${origin}/v1/conversations/support:call%252F1/media/a%2Fb`,
        content_hash: `sha512-${digest.copy().digest('base64url')}`,
      },
    ]);
  });

  it('several recordings are a set, and only the set has the length', () => {
    const { dialog } = written({ media: [file('1'), file('2', 'video/mp4')], durationMs: 1 });
    expect(
      dialog.map(({ type, duration, recordings, recording_set }) => [type, duration, recordings ?? recording_set]),
    ).toEqual([
      ['recording-set', 0.001, [1, 2]],
      ['recording', undefined, 0],
      ['recording', undefined, 0],
    ]);
  });

  it.each([
    ['missed', 'no-answer'],
    ['busy', 'busy'],
    ['failed', 'failed'],
    ['canceled', 'hung-up'],
  ] as const)('%s without a recording is incomplete: %s', (status, disposition) => {
    expect(written({ status }).dialog).toEqual([{ ...about, type: 'incomplete', disposition }]);
    expect(written({ status, media: [file('voicemail')] }).dialog).toMatchObject([{ type: 'recording' }]);
  });

  it('what was written is text; a call without a recording is one without content', () => {
    const transcript = { language: null, text: 'Hi\nHello', utterances: [] };
    expect(written({ channel: 'chat', durationMs: null }, transcript).dialog).toEqual([
      { ...about, type: 'text', mediatype: 'text/plain', encoding: 'none', body: 'Hi\nHello' },
    ]);
    expect(written({ channel: 'sms', durationMs: null }).dialog).toEqual([{ ...about, type: 'text' }]);
    expect(written({ durationMs: null }, transcript).dialog).toEqual([{ ...about, type: 'recording' }]);
  });

  it('one without a known start begins when it was first seen', () => {
    const firstSeenAt = '2026-11-02T10:00:00.000Z';
    const vcon = written({ startedAt: null, firstSeenAt, updatedAt: '2026-11-02T11:00:00.000Z', title: 'A call' });
    expect(vcon.dialog[0]?.start).toBe(firstSeenAt);
    expect(vcon).toMatchObject({ created_at: firstSeenAt, updated_at: '2026-11-02T11:00:00.000Z', subject: 'A call' });
  });
});

describe('parties', () => {
  it('say who somebody is as the provider does; an agent of ours may be a bot', () => {
    const participants = [
      person('customer', { phone: '+441632960111', name: 'Ann' }),
      person('agent', { id: '7', email: 'a@example.com' }),
      person('bot', { id: '8' }),
      person('unknown'),
    ];
    const { parties } = written({ participants });
    const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(parties).toEqual([
      { tel: '+441632960111', name: 'Ann', role: 'customer' },
      { mailto: 'a@example.com', uuid, type: 'person', role: 'agent' },
      { uuid, type: 'bot', role: 'agent' },
      {},
    ]);
    const again = written({ participants: [person('agent', { id: '7' })], externalId: 'another' });
    expect(again.parties[0]?.uuid).toBe(parties[1]?.uuid);
    expect(written({ participants, connection: 'sales' }).parties[1]?.uuid).not.toBe(parties[1]?.uuid);
  });

  it.each([
    ['inbound', 1],
    ['outbound', 0],
    ['internal', undefined],
    ['unknown', undefined],
  ] as const)('%s: originator %s', (direction, originator) => {
    const participants = [person('bot'), person('customer')];
    expect(written({ participants, direction }).dialog[0]).toMatchObject({ parties: [0, 1] });
    expect(written({ participants, direction }).dialog[0]?.originator).toBe(originator);
    expect(written({ participants: [], direction }).dialog[0]?.originator).toBeUndefined();
  });

  it('nobody known is one unknown party', () => {
    const vcon = written({ participants: [], media: [file('log', 'application/json')] });
    expect([vcon.parties, vcon.dialog[0]?.parties, vcon.attachments[0]?.party]).toEqual([[{}], [0], 0]);
  });
});

it('files that are not heard or seen are attachments of our side', () => {
  const participants = [person('customer'), person('agent')];
  const vcon = written({ participants, media: [file('log', 'application/json'), file('call')] });
  expect(vcon.dialog).toHaveLength(1);
  expect(vcon.attachments).toMatchObject([
    { purpose: 'callRecording', party: 1, dialog: 0, start: '2026-11-02T09:00:00.000Z', filename: 'log.json' },
  ]);
});

it('analyses hold what the provider made of it, in our shape, and nothing more', () => {
  const sentiment = { score: null, label: 'positive', distribution: null, overTime: null, original: { a: [1] } };
  const categories = [{ group: null, name: 'Greeting', matches: 1 }];
  const talkTime = { agentMs: 1, customerMs: null, silenceMs: null, crossTalkMs: null };
  const transcript = { language: 'en', text: '[1]', utterances: [] };
  const { analysis } = written({ sentiment, categories, talkTime, summary: 'They talked.' }, transcript);
  const json = { vendor: 'talkdesk', dialog: 0, product: 'Earshot', mediatype: 'application/json', encoding: 'json' };
  expect(analysis).toEqual([
    { ...json, type: 'transcript', schema: 'earshot.transcript.v1', body: transcript },
    { type: 'summary', dialog: 0, vendor: 'talkdesk', mediatype: 'text/plain', encoding: 'none', body: 'They talked.' },
    { ...json, type: 'sentiment', schema: 'earshot.sentiment.v1', body: sentiment },
    { ...json, type: 'report', schema: 'earshot.categories.v1', body: categories },
    { ...json, type: 'report', schema: 'earshot.talkTime.v1', body: talkTime },
  ]);
  expect(written({}).analysis).toEqual([]);
});

const text = fc.string({ unit: 'binary', maxLength: 12 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => new Date(ms).toISOString());
const participant = fc.record({
  ...{ id: maybe(text), role: fc.constantFrom(...participantRoles), name: maybe(text), phone: maybe(text) },
  email: maybe(text),
});
const media = fc.uniqueArray(
  fc.record({
    ...{ key: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), kind: text, bytes: fc.nat() },
    contentType: fc.constantFrom('audio/wav', 'video/mp4', 'application/json', 'text/html', '', 'audio/'),
    ...{ sha512: fc.constant(sha512), object: fc.constant('media/o') },
  }),
  { selector: ({ key }) => key, maxLength: 4 },
);
const stored = fc.record({
  channel: fc.constantFrom(...channels),
  direction: fc.constantFrom(...directions),
  status: fc.constantFrom(...statuses),
  provider: fc.constantFrom(...providerNames),
  ...{ externalId: text, title: maybe(text), startedAt: maybe(instant), updatedAt: instant, firstSeenAt: instant },
  durationMs: maybe(fc.nat()),
  summary: maybe(text),
  participants: fc.array(participant, { maxLength: 3 }),
  media,
});

it('any record gives a vCon, and the same one again', () => {
  void fc.assert(
    fc.property(stored, maybe(arbitraryTranscript), (given, transcript) => {
      const { conversation } = recordOf(given.externalId, {}, epoch);
      const record = { conversation: { ...conversation, ...given }, transcript };
      const vcon: unknown = JSON.parse(JSON.stringify(writeVcon(record, origin)));
      expectVcon(vcon);
      expect(vcon).toEqual(JSON.parse(JSON.stringify(writeVcon(record, origin))));
    }),
    { numRuns: 100 },
  );
});
