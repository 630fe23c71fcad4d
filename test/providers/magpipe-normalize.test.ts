import { describe, expect, it } from 'vitest';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { stream } from './magpipe-worlds.ts';

const { normalize, identify } = stream;

const row = {
  id: 'c-1',
  agent_id: 'a-1',
  agent_name: 'Front desk',
  from_number: '+442079460001',
  to_number: '+442079460123',
  direction: 'inbound',
  status: 'completed',
  duration: 94,
  created_at: '2026-03-02T10:15:00.220981+00:00',
  started_at: '2026-03-02T10:15:08Z',
  ended_at: '2026-03-02T10:16:42.1Z',
};
const listed = (change: object) => normalize({ listed: { ...row, ...change }, detail: null, sentAt: 0 });
const whole = (change: object) => normalize({ listed: row, detail: { call: { ...row, ...change } }, sentAt: 0 });
const link = 'https://storage.example.com/recordings/2d9a1f04.wav?token=secret';

describe('a call in our words', () => {
  it('has its times: answered or else made, ended, its length in whole seconds', () => {
    expect(whole({}).content).toMatchObject({
      channel: 'voice',
      startedAt: '2026-03-02T10:15:08.000Z',
      endedAt: '2026-03-02T10:16:42.100Z',
      durationMs: 94_000,
      providerCreatedAt: '2026-03-02T10:15:00.220Z',
      providerUpdatedAt: null,
    });
    const unanswered = { started_at: null, ended_at: '', duration: -1 };
    const { content } = normalize({ listed: { ...row, ...unanswered }, detail: null, sentAt: 0 });
    expect(content).toMatchObject({ startedAt: '2026-03-02T10:15:00.220Z', endedAt: null, durationMs: null });
  });

  it.each([
    ['completed', 'completed'],
    ['BUSY', 'busy'],
    ['no-answer', 'missed'],
    ['no_answer', 'missed'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
    ['Cancelled', 'canceled'],
    ['queued', 'inProgress'],
    ['initiated', 'inProgress'],
    ['ringing', 'inProgress'],
    ['in-progress', 'inProgress'],
    ['', 'completed'],
    [null, 'completed'],
  ])('takes the status %j for %s', (status, ours) => {
    const { content, drift } = listed({ status });
    expect([content.status, drift]).toEqual([ours, []]);
  });

  it.each(['voicemail', 'constructor', 'Ada Lovelace'])(
    'does not know the status %j, and says so without it',
    (status) => {
      const { content, drift, artifacts } = listed({ status });
      expect([content.status, drift]).toEqual(['unknown', ['status=<new>']]);
      expect(artifacts['transcript']).toEqual({ state: 'pending' });
    },
  );

  const customer = { id: null, role: 'customer', name: null, email: null };
  const bot = { id: 'a-1', role: 'bot', name: 'Front desk', email: null };
  it.each([
    [
      'inbound',
      [
        { ...customer, phone: '+442079460001' },
        { ...bot, phone: '+442079460123' },
      ],
    ],
    [
      'Outbound',
      [
        { ...customer, phone: '+442079460123' },
        { ...bot, phone: '+442079460001' },
      ],
    ],
    [
      'sideways',
      [
        { ...customer, role: 'unknown', phone: '+442079460001' },
        { ...customer, role: 'unknown', phone: '+442079460123' },
        { ...bot, phone: null },
      ],
    ],
  ])('knows who is who when it is %s', (direction, participants) => {
    expect(listed({ direction }).content.participants).toEqual(participants);
  });

  it('leaves out sides of which nothing is known', () => {
    const nobody = { agent_id: null, agent_name: ' ', from_number: null, to_number: '' };
    expect(listed(nobody).content.participants).toEqual([]);
    expect(listed({ ...nobody, from_number: '+442079460001' }).content.participants).toHaveLength(1);
  });

  it('has the label of its sentiment and no number', () => {
    expect(listed({ sentiment: 'positive' }).content.sentiment).toEqual({
      score: null,
      label: 'positive',
      distribution: null,
      overTime: null,
      original: 'positive',
    });
    expect(listed({ sentiment: '' }).content.sentiment).toBeNull();
  });

  it('believes the call before the row, and the row where the call is silent', () => {
    const told = whole({ status: 'failed', sentiment: null, call_summary: 'Told by the call.', duration: undefined });
    expect(told.content).toMatchObject({ status: 'failed', summary: 'Told by the call.', durationMs: 94_000 });
  });

  it('keeps what was attached to it, and what is new, but no link', () => {
    const { content, drift } = whole({
      metadata: { site: 'harbour', link, deep: { recording: link } },
      recording_url: link,
      recording_path: 'recordings/2d9a1f04.wav?token=secret',
      playback_url: 'wss://storage.example.com/?token=secret',
      cost: 0.12,
    });
    expect(content.metadata).toEqual({ attached: { site: 'harbour', deep: {} }, other: { cost: 0.12 } });
    expect(drift).toEqual(['call.recording_path', 'call.playback_url', 'call.cost']);
    expect(JSON.stringify(whole({ recording_url: link }))).not.toContain('secret');
  });

  it('keeps nothing of a row that its call would not say', () => {
    expect(listed({ cost: 0.12, metadata: { site: 'harbour' } }).content.metadata).toEqual({});
  });

  it.each([
    [{ id: '' }, 'id: expected well-formed text of 1 to 512 characters'],
    [{ id: '..' }, 'id: expected well-formed text of 1 to 512 characters'],
    [{ created_at: null, started_at: null }, 'created_at: expected an ISO 8601 instant with zone'],
    [{ created_at: 'today', started_at: 7 }, 'created_at: expected an ISO 8601 instant with zone'],
  ])('refuses %j', (change, issue) => {
    expect(() => listed(change)).toThrow(new RecordInvalid([issue]));
  });

  it('refuses the call of another row', () => {
    expect(() => whole({ id: 'c-2' })).toThrow(new RecordInvalid(['call.id: expected the id of the row']));
    expect(() => identify({ call_id: 'c-1' })).toThrow(RecordInvalid);
    expect(identify(row)).toEqual({ externalId: 'c-1', stamp: null });
  });
});

describe('what is said of the artifacts', () => {
  const kinds = ['transcript', 'summary', 'sentiment', 'media:recording'];
  const states = (artifacts: Readonly<Record<string, unknown>>) => kinds.map((kind) => artifacts[kind]);
  const all = (finding: object) => kinds.map(() => finding);

  it.each(['completed', 'in-progress', 'ringing', 'something'])('is pending while a %s call lacks it', (status) => {
    expect(states(listed({ status }).artifacts)).toEqual(all({ state: 'pending' }));
    expect(states(whole({ status }).artifacts)).toEqual(all({ state: 'pending' }));
  });

  it.each(['busy', 'no-answer', 'failed', 'canceled'])('is absent for a call that is %s', (status) => {
    const absent = all({ state: 'absent', reason: 'notConnected' });
    expect(states(listed({ status }).artifacts)).toEqual(absent);
    expect(states(whole({ status, transcript: ' ', transcript_segments: [] }).artifacts)).toEqual(absent);
  });

  it('is ready where it is there, whatever the status; a recording only with its bytes', () => {
    const said = { transcript: 'Agent: Hello?', call_summary: 'None.', sentiment: 'neutral', recording_url: link };
    for (const status of ['completed', 'failed']) {
      const { artifacts, files } = whole({ ...said, status });
      const ready = { state: 'ready' };
      expect(states(artifacts)).toEqual([ready, ready, ready, { state: 'pending' }]);
      expect(files).toEqual([{ key: 'recording', kind: 'recording', contentType: null, bytes: null, revision: null }]);
    }
  });

  it.each([null, '', '  ', 7])('is no recording where the link is %j', (recording_url) => {
    const { files, artifacts } = whole({ recording_url });
    expect([files, artifacts['media:recording']]).toEqual([[], { state: 'pending' }]);
  });

  it('is told by the reason where the call was not given', () => {
    for (const refused of ['notFound', 'permissionMissing']) {
      const { artifacts, scope } = normalize({
        listed: { ...row, sentiment: 'neutral' },
        detail: { refused },
        sentAt: 0,
      });
      expect(scope).toBe('listing');
      expect(artifacts).toMatchObject({
        transcript: { state: 'absent', reason: refused },
        sentiment: { state: 'ready' },
        'media:recording': { state: 'absent', reason: refused },
      });
    }
  });
});
