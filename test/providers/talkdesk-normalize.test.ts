import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';

const [stream] = talkdesk.streams;
if (!stream) throw new Error('no stream');
const { normalize, identify } = stream;

describe('an interaction in our words', () => {
  const call = {
    id: 'i-1',
    customer_id: 'c-1',
    started_at: '2026-03-02T09:14:07.120000Z',
    ended_at: '2026-03-02T09:19:55.000000Z',
  };
  const speech = { text: 'Hello', channel: 'VOICE', participant: 'customer', source_system: 'STT' };
  const of = (change: object) => normalize({ listed: { ...call, ...change }, detail: null, sentAt: 0 });
  const turns = (messages: object[], change: object = {}) => of({ ...change, messages }).transcript?.utterances ?? [];

  it.each([
    ['inbound', 'inbound'],
    ['IN', 'inbound'],
    [' Outgoing ', 'outbound'],
    ['OUT', 'outbound'],
    ['Internal', 'internal'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('takes the direction %j for %s', (direction, ours) => {
    expect(of({ direction }).content.direction).toBe(ours);
  });

  it.each([
    [['VOICE'], 'voice'],
    [['webchat'], 'chat'],
    [['CHAT'], 'chat'],
    [['SMS'], 'sms'],
    [['DIGITAL_CONNECT'], 'digital'],
    [['FAX', 'SMS'], 'sms'],
    [['FAX'], 'unknown'],
    [[], 'unknown'],
  ])('takes messages of %j for %s', (given, channel) => {
    expect(of({ messages: given.map((word) => ({ ...speech, channel: word })) }).content.channel).toBe(channel);
  });

  it.each([
    ['Agent', 'STT', 'agent'],
    ['CUSTOMER', 'STT', 'customer'],
    ['contact', 'VA', 'customer'],
    ['agent', 'VA', 'bot'],
    ['Virtual Agent', 'VA', 'bot'],
    ['Ada Lovelace', 'VA', 'unknown'],
  ])('takes %s of %s for %s', (participant, source_system, role) => {
    const { transcript, drift } = of({ messages: [{ ...speech, participant, source_system }] });
    expect(transcript?.utterances[0]?.role).toBe(role);
    expect(JSON.stringify(drift)).not.toContain('Ada');
  });

  it('reports what is new without its value', () => {
    const { drift } = of({
      direction: 'sideways',
      mood: 1,
      messages: [{ ...speech, participant: 'ghost', channel: 'FAX', tone: 1, text: 5 }],
    });
    expect(drift.toSorted()).toEqual([
      'direction=<new>',
      'messages[].channel=<new>',
      'messages[].participant=<new>',
      'messages[].text=<number>',
      'messages[].tone',
      'mood',
    ]);
  });

  it('puts messages into spoken order, in whatever order they come', async () => {
    const said = [
      { ...speech, text: 'a', source_system: 'VA', message_index: 1 },
      { ...speech, text: 'b', source_system: 'VA', message_index: 2 },
      { ...speech, text: 'c', recording_index: 0, message_index: 1 },
      { ...speech, text: 'd', recording_index: 0, message_index: 2, message_start_at: '2026-03-02T09:15:00.000001Z' },
      { ...speech, text: 'e', recording_index: 1, message_index: 1 },
    ];
    await fc.assert(
      fc.property(fc.shuffledSubarray(said, { minLength: said.length }), (messages) => {
        expect(
          turns(messages)
            .map(({ text }) => text)
            .join(''),
        ).toBe('abcde');
      }),
    );
  });

  it('goes by time where there is no index, and by nothing where there is no time', () => {
    const at = (text: string, stamp: string) => ({ ...speech, text, message_start_at: stamp });
    const stamps = [at('b', '2026-03-02T09:15:00.000002Z'), at('a', '2026-03-02T09:15:00.000001Z')];
    expect(turns(stamps).map(({ text }) => text)).toEqual(['a', 'b']);
    const places = [
      { ...speech, text: 'b', start_time: 9 },
      { ...speech, text: 'a', start_time: 2.5 },
    ];
    expect(turns(places).map(({ text }) => text)).toEqual(['a', 'b']);
    const half = [
      { ...speech, text: 'b', start_time: 9 },
      { ...speech, text: 'a' },
    ];
    expect(turns(half).map(({ text }) => text)).toEqual(['b', 'a']);
  });

  it('turns seconds into milliseconds, and moments into lengths', () => {
    expect(turns([{ ...speech, start_time: 3.2, end_time: 5.0004 }])[0]).toMatchObject({ startMs: 3200, endMs: 5000 });
    expect(turns([{ ...speech, start_time: -1, end_time: 1e300 }])[0]).toMatchObject({ startMs: null, endMs: null });
    expect(turns([{ ...speech, message_start_at: '2026-03-02T09:14:08.000000Z' }])[0]).toMatchObject({
      startMs: 880,
      endMs: null,
    });
    expect(turns([{ ...speech, message_start_at: '2026-03-02T09:14:00.000000Z' }])[0]).toMatchObject({ startMs: null });
  });

  it('knows who spoke by id, and leaves it open where two could have', () => {
    const agents = [{ id: 'a1', name: 'Ada' }, { id: 'A0C0E7A40D8E4D519C351C6F5B8A2F77' }];
    const agent = { ...speech, participant: 'agent' };
    const found = turns(
      [
        { ...agent, agent_id: 'a0c0e7a4-0d8e-4d51-9c35-1c6f5b8a2f77' },
        agent,
        { ...agent, agent_id: 'a3', agent_name: 'Eve' },
      ],
      { agents },
    );
    expect(found.map(({ participant, role }) => [participant, role])).toEqual([
      [2, 'agent'],
      [null, 'agent'],
      [3, 'agent'],
    ]);
    expect(turns([agent], { agents: agents.slice(0, 1) })[0]?.participant).toBe(1);
  });

  it.each([
    [[], { transcript: 'pending', sentiment: 'pending' }],
    [[speech], { transcript: 'ready', sentiment: 'pending' }],
    [[speech, { ...speech, sentiment: 'negative' }], { transcript: 'ready', sentiment: 'ready' }],
    [[{ ...speech, source_system: 'DCE' }], { transcript: 'ready', sentiment: 'absent' }],
    [[{ ...speech, source_system: 'VA' }, speech], { transcript: 'ready', sentiment: 'pending' }],
    [[{ ...speech, source_system: 'NEW' }], { transcript: 'ready', sentiment: 'pending' }],
  ])('says of %j: %j', (messages, states) => {
    const { artifacts, content } = of({ messages });
    for (const [kind, state] of Object.entries(states)) expect(artifacts[kind]?.state).toBe(state);
    expect(content.sentiment).toBeNull();
  });

  it('keeps an interaction without end open', () => {
    const messages = [{ ...speech, source_system: 'DCE' }];
    for (const ended_at of [null, undefined, ' ']) {
      const { content, artifacts } = of({ ended_at, messages });
      expect(content).toMatchObject({ status: 'inProgress', endedAt: null, durationMs: null });
      expect(artifacts['sentiment']).toEqual({ state: 'pending' });
    }
  });

  it('names one interaction alike, however its id is written', () => {
    const id = '597a2201-9d7e-470e-a699-abc5ec114973';
    for (const written of [id, id.toUpperCase(), id.replaceAll('-', '')]) {
      expect(identify({ id: written })).toEqual({ externalId: id, stamp: null });
      expect(of({ id: written }).externalId).toBe(id);
    }
    for (const other of ['i-1', `${id}0`, '5-97a22019d7e470ea699abc5ec114973'])
      expect(identify({ id: other }).externalId).toBe(other);
    for (const bad of ['', '.', 7, null, 'lone \ud83d', 'x'.repeat(513)])
      expect(() => identify({ id: bad })).toThrow(RecordInvalid);
  });

  it.each([
    [{ started_at: undefined }, 'started_at: expected an ISO 8601 instant with zone'],
    [{ started_at: 1_772_442_031 }, 'started_at: expected an ISO 8601 instant with zone'],
    [{ ended_at: 'soon' }, 'ended_at: expected an ISO 8601 instant with zone'],
    [{ id: '' }, 'id: expected well-formed text of 1 to 512 characters'],
  ])('refuses %j', (change, issue) => {
    expect(() => of(change)).toThrow(new RecordInvalid([issue]));
  });

  it('stands a 10 MB message and a message list of nonsense', () => {
    const big = 'x'.repeat(10_000_000);
    expect(turns([{ ...speech, text: big }])[0]?.text).toHaveLength(big.length);
    expect(of({ messages: Array.from({ length: 100_000 }, () => null) }).drift).toEqual(['messages[]=<null>']);
  });
});

describe('the account', () => {
  const connection = (change: object): Connection =>
    connectionSchema.parse({ id: 'acme', provider: 'talkdesk', credentials: { token: 't' }, ...change });
  const tokenUrl = (change: object) =>
    talkdesk.auth.kind === 'clientCredentials' && talkdesk.auth.tokenUrl(connection(change));

  it.each([
    ['us', 'https://api.talkdeskapp.com', 'https://acme.talkdeskid.com/oauth/token'],
    ['eu', 'https://api.talkdeskapp.eu', 'https://acme.talkdeskid.eu/oauth/token'],
    ['ca', 'https://api.talkdeskappca.com', 'https://acme.talkdeskidca.com/oauth/token'],
  ])('has the addresses of region %s', (region, base, token) => {
    expect(talkdesk.baseUrl(connection({ region }))).toBe(base);
    expect(tokenUrl({ region, account: 'acme' })).toBe(token);
  });

  it('asks for what it cannot know', () => {
    expect([talkdesk.baseUrl(connection({ region: 'mars' })), tokenUrl({ region: 'us' })]).toEqual([null, null]);
    const named = { region: 'mars', baseUrl: 'http://127.0.0.1:9', tokenUrl: 'http://127.0.0.1:9/oauth/token' };
    expect([talkdesk.baseUrl(connection(named)), tokenUrl(named)]).toEqual([named.baseUrl, named.tokenUrl]);
  });

  it('reads no budget: no headers are documented', () => {
    expect(talkdesk.readBudget({ 'x-ratelimit-remaining-minute': '1' })).toEqual({});
  });
});
