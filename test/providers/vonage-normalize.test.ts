import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { Detail } from '#shared/providers/connector.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';

const [stream] = vonage.streams;
if (!stream) throw new Error('no stream');
const { normalize, identify } = stream;

const guid = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
const call = {
  guid,
  start: '2026-03-02T09:14:07Z',
  connectFrom: '+441632960111',
  connectTo: '+441632960222',
  direction: 'inbound',
  handlingAgents: [{ id: '2071' }],
};
const of = (change: object) => normalize({ listed: { ...call, ...change }, detail: null, sentAt: 0 });

describe('an interaction in our words', () => {
  const person = (change: object) => ({ id: null, role: 'unknown', name: null, phone: null, email: null, ...change });
  const customer = person({ role: 'customer', phone: '+441632960111' });

  it.each<[string, object, object[]]>([
    ['inbound', {}, [customer, person({ id: '2071', role: 'agent', phone: '+441632960222' })]],
    [
      'Outbound ',
      { connectFrom: '+441632960222', connectTo: '+441632960111' },
      [person({ id: '2071', role: 'agent', phone: '+441632960222' }), customer],
    ],
    [
      'INTERNAL',
      {},
      [
        person({ role: 'agent', phone: '+441632960111' }),
        person({ role: 'agent', phone: '+441632960222' }),
        person({ id: '2071', role: 'agent' }),
      ],
    ],
    [
      'sideways',
      {},
      [person({ phone: '+441632960111' }), person({ phone: '+441632960222' }), person({ id: '2071', role: 'agent' })],
    ],
  ])('has its people where the direction is %j', (direction, change, participants) => {
    const { content } = of({ direction, ...change });
    expect(content.participants).toEqual(participants);
    expect(content.direction).toBe(direction === 'sideways' ? 'unknown' : direction.trim().toLowerCase());
  });

  it('has each agent once, the first of them at our address', () => {
    const { content } = of({ handlingAgents: [{ id: 7 }, { id: '8' }, { id: '7' }, { id: ' ' }, null, {}] });
    expect(content.participants.slice(1)).toEqual([
      person({ id: '7', role: 'agent', phone: '+441632960222' }),
      person({ id: '8', role: 'agent' }),
    ]);
    expect(of({ handlingAgents: [] }).content.participants[1]).toEqual(
      person({ role: 'agent', phone: '+441632960222' }),
    );
    expect(of({ connectTo: null }).content.participants).toEqual([customer, person({ id: '2071', role: 'agent' })]);
    expect(of({ connectFrom: ' ', connectTo: '', handlingAgents: null }).content.participants).toEqual([]);
  });

  it.each<[string, object]>([
    ['40011', { phone: '40011' }],
    [' 441632960111', { phone: ' 441632960111' }],
    ['(020) 7946-0018', { phone: '(020) 7946-0018' }],
    ['ada@acme.example', { email: 'ada@acme.example' }],
    ['sip:ada@acme.example', { id: 'sip:ada@acme.example' }],
    ['visitor-77', { id: 'visitor-77' }],
    ['+', { id: '+' }],
    ['1'.repeat(60), { id: '1'.repeat(60) }],
  ])('takes the address %j for %j', (connectFrom, made) => {
    const { content } = of({ connectFrom });
    expect(content.participants[0]).toEqual(person({ role: 'customer', ...made }));
    expect(content.metadata).toEqual('id' in made ? { connectFrom } : {});
  });

  it('reports what is new without its value', () => {
    const { drift, content } = of({
      direction: 'sideways',
      mood: { now: 'gold' },
      connectTo: 5,
      handlingAgents: [{ name: 'Ada' }],
    });
    expect(drift.toSorted()).toEqual(['connectTo=<number>', 'direction=<new>', 'handlingAgents[].name', 'mood']);
    expect(content.metadata).toEqual({ other: { mood: { now: 'gold' } } });
  });

  it('says what it cannot know', () => {
    expect(of({}).content).toMatchObject({
      status: 'completed',
      startedAt: '2026-03-02T09:14:07.000Z',
      endedAt: null,
      durationMs: null,
      language: null,
      providerCreatedAt: null,
    });
  });

  it('has one id, however the case of its GUID', () => {
    for (const written of [guid, guid.toUpperCase()]) {
      expect(identify({ guid: written })).toEqual({ externalId: guid, stamp: null });
      expect(of({ guid: written }).externalId).toBe(guid);
    }
  });

  it('is stored under an id that is no GUID, awaiting its analysis', () => {
    for (const other of ['Voicemail-7', guid.replaceAll('-', ''), `${guid}0`]) {
      expect(identify({ guid: other }).externalId).toBe(other);
      const { externalId, artifacts } = normalize({ listed: { ...call, guid: other }, detail: {}, sentAt: 0 });
      expect([externalId, artifacts['transcript']]).toEqual([other, { state: 'pending' }]);
    }
    for (const bad of ['', '.', 7, null, 'lone \ud83d', 'x'.repeat(513)])
      expect(() => identify({ guid: bad })).toThrow(RecordInvalid);
  });

  it.each([
    [{ start: undefined }, 'start: expected an ISO 8601 instant with zone'],
    [{ start: '2026-03-02T09:14:07' }, 'start: expected an ISO 8601 instant with zone'],
    [{ guid: '' }, 'guid: expected well-formed text of 1 to 512 characters'],
  ])('refuses %j', (change, issue) => {
    expect(() => of(change)).toThrow(new RecordInvalid([issue]));
  });
});

describe('what was asked for', () => {
  const analysis = { guid, status: 'processed', transcript: 'Hello', categories: [], confidence: 'Low' };
  const metadata = { analysis: { confidence: 'Low' } };

  it.each<[string, Detail | null, string, object]>([
    ['nothing', null, 'listing', {}],
    ['an analysis that is missing', {}, 'listing', {}],
    ['an analyzer that is off', { refused: 'permissionMissing' }, 'listing', {}],
    ['an analysis', { analysis }, 'whole', metadata],
  ])('is the record as it is listed, or whole: %s', (_name, detail, scope, made) => {
    const seen = normalize({ listed: call, detail, sentAt: 0 });
    expect([seen.scope, seen.content.metadata]).toEqual([scope, made]);
  });

  it('is single artifacts, which say nothing of the record itself', () => {
    const seen = normalize({ listed: null, detail: { guid, analysis }, sentAt: 0 });
    expect(seen).toMatchObject({ externalId: guid, scope: 'artifacts', transcript: { text: 'Hello' } });
    expect(seen.content).toMatchObject({ channel: 'unknown', startedAt: null, participants: [], metadata });
  });

  it.each<Detail | null>([null, {}, { guid: '' }, { guid: 7 }, { guid, analysis: 'x' }, { guid, refused: 'x' }])(
    'is not understood with %j alone',
    (detail) => {
      expect(() => normalize({ listed: null, detail, sentAt: 0 })).toThrow(RecordInvalid);
    },
  );

  it('stands a hostile analysis', () => {
    const nested = JSON.parse(`${'{"categories":['.repeat(50)}${']}'.repeat(50)}`);
    const hostile = { ...analysis, categories: [nested], transcript: 'x\n'.repeat(100_000) };
    const seen = normalize({ listed: call, detail: { analysis: hostile }, sentAt: 0 });
    expect(seen.transcript?.utterances).toHaveLength(100_000);
    expect(seen.content.categories).toEqual([]);
  });

  it('gives the lines of a transcript back, whatever stands in them', () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() !== '' && !/[\r\n]/.test(text));
    void fc.assert(
      fc.property(
        fc.array(line, { minLength: 1 }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\r', '\n \n'),
        (lines, end) => {
          const transcript = lines.join(end) + end;
          const seen = normalize({ listed: call, detail: { analysis: { ...analysis, transcript } }, sentAt: 0 });
          expect(seen.transcript?.utterances.map(({ text }) => text)).toEqual(lines);
        },
      ),
    );
  });
});
