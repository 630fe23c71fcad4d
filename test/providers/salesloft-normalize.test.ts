import { describe, expect, it } from 'vitest';
import { connectionSchema } from '#shared/domain/connections.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';

const [stream] = salesloft.streams;
if (!stream) throw new Error('no stream');
const { normalize, identify } = stream;

describe('a conversation in our words', () => {
  const row = {
    id: 'c-1',
    updated_at: '2026-03-02T09:52:44.907312Z',
    created_at: '2026-03-02T09:35:10.120451Z',
    platform: 'zoom',
    title: 'Renewal',
  };
  const extensive = (change: object = {}) => ({ ...row, owner_email: 'rep@example.com', ...change });
  const of = (listed: object, detail: object = {}) =>
    normalize({ listed, detail: { refused: {}, ...detail }, sentAt: 0 });

  it.each([
    [{ platform: 'zoom' }, 'meeting'],
    [{ platform: 'salesloft' }, 'voice'],
    [{ platform: 'external_audio' }, 'voice'],
    [{ platform: 'zoom', call_id: '1' }, 'voice'],
    [{ platform: 'zoom', call_id: '' }, 'meeting'],
    [{ platform: 'manual_upload' }, 'unknown'],
    [{ platform: null }, 'unknown'],
  ])('takes %j for %s', (change, channel) => {
    expect(of({ ...row, ...change }).content.channel).toBe(channel);
  });

  it('reports a new platform and field, and keeps them', () => {
    const { content, drift } = of({
      ...row,
      platform: 'Acme Meet',
      mood: 'sunny',
      'Ada Lovelace': 1,
      account: { id: 1, tier: 2 },
    });
    expect(drift.toSorted()).toEqual(['<other>', 'account.tier', 'mood', 'platform=<new>']);
    expect(content.channel).toBe('meeting');
    expect(content.metadata).toMatchObject({ platform: 'Acme Meet', accountId: '1', other: { mood: 'sunny' } });
    expect(content.metadata['other']).toEqual({ mood: 'sunny' });
  });

  it('copies nothing that would change a prototype', () => {
    const { content } = of({ ...row, extra: JSON.parse('{"__proto__":{"polluted":true},"kept":1}') });
    const extra = Object(content.metadata['other']).extra;
    expect([extra.polluted, extra.kept, Object.getPrototypeOf(extra) === Object.prototype]).toEqual([
      undefined,
      1,
      true,
    ]);
  });

  it('leaves signed links of unknown fields out: they change with every answer', () => {
    const { content } = of({
      ...row,
      clip: 'https://media.example.com/c.mp4?sig=1',
      poster: { href: 'https://x.example/p?s=1', w: 2 },
    });
    expect(content.metadata['other']).toEqual({ poster: { w: 2 } });
  });

  it.each([
    [{ event_start_date: '2026-03-02T09:00:00Z', started_recording_at: 1 }, '2026-03-02T09:00:00.000Z'],
    [{ started_recording_at: 1_772_442_031_000 }, '2026-03-02T09:00:31.000Z'],
    [{ started_recording_at: 31_000 }, null],
    [{ event_start_date: 'na' }, null],
  ])('starts %j at %s', (change, startedAt) => {
    expect(of({ ...row, ...change }).content.startedAt).toBe(startedAt);
  });

  it.each([
    [null, { state: 'pending' }],
    [{ text: 'Agreed.', status: 'completed' }, { state: 'ready' }],
    [{ text: null, status: 'processing' }, { state: 'pending' }],
    [
      { text: '', status: 'FAILED' },
      { state: 'absent', reason: 'failedAtProvider' },
    ],
    [
      { text: null, status: 'completed' },
      { state: 'absent', reason: 'empty' },
    ],
    [{ text: null, status: 'Ada is thinking' }, { state: 'pending' }],
  ])('says of the summary %j', (given, finding) => {
    const { artifacts, drift } = of(row, { extensive: extensive({ summary: given }) });
    expect(artifacts['summary']).toEqual(finding);
    expect(JSON.stringify(drift)).not.toContain('Ada');
  });

  it('knows the owner among the attendees, and an address from junk', () => {
    const attendees = [
      { id: 'a', full_name: 'Ada Rep', email: 'REP@example.com', is_internal: false },
      { id: 'b', full_name: 'Bo', email: 'na' },
      { id: 'd', full_name: 'Di', email: `${'d'.repeat(320)}@northwind.example`, is_internal: false },
      { id: 'c', full_name: '', email: 'cy@northwind.example', is_internal: false },
      'nobody',
    ];
    const { content, drift } = of({ ...row, owner_id: 'o' }, { extensive: extensive({ attendees }) });
    expect(content.participants.map(({ id, role, name, email }) => [id, role, name, email])).toEqual([
      ['a', 'agent', 'Ada Rep', 'REP@example.com'],
      ['b', 'customer', 'Bo', null],
      ['d', 'customer', 'Di', null],
      ['c', 'customer', null, 'cy@northwind.example'],
    ]);
    expect(drift).toEqual(['extensive.attendees[]=<string>']);
  });

  it('believes the later of list and extensive answer', () => {
    const stale = of(row, { extensive: extensive({ title: 'Old', updated_at: '2026-03-02T09:52:44.907311Z' }) });
    expect([stale.content.title, stale.stamp]).toEqual(['Renewal', row.updated_at]);
    const fresh = of(row, { extensive: extensive({ title: 'New', updated_at: '2026-03-02T09:52:44.907313Z' }) });
    expect([fresh.content.title, fresh.stamp]).toEqual(['New', '2026-03-02T09:52:44.907313Z']);
  });

  it('refuses an extensive answer of another conversation', () => {
    expect(() => of(row, { extensive: extensive({ id: 'c-2' }) })).toThrow(RecordInvalid);
  });

  it('names what a refused row lacks', () => {
    const issues = (listed: unknown): unknown => {
      try {
        return normalize({ listed, detail: null, sentAt: 0 });
      } catch (error) {
        return error instanceof RecordInvalid ? error.issues : error;
      }
    };
    expect(issues({ ...row, updated_at: 'soon' })).toEqual(['updated_at: expected an ISO 8601 instant with zone']);
    expect(issues({})).toHaveLength(2);
    expect(issues('x')).toEqual(['record: expected an object']);
    expect(identify({ ...row, updated_at: 'soon' })).toEqual({ externalId: 'c-1', stamp: null });
    expect(() => identify({ id: 'lone \ud83d' })).toThrow(RecordInvalid);
  });

  it('stands 10 MB of text and thousands of fields', () => {
    const big = 'x'.repeat(10_000_000);
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i]));
    const { drift, content } = of(
      { ...row, ...many, note: big },
      { sentences: Array.from({ length: 50_000 }, () => 1) },
    );
    expect(drift).toHaveLength(100);
    expect(JSON.stringify(content.metadata).length).toBeLessThan(20_000);
  });
});

describe('the account', () => {
  const connection = connectionSchema.parse({ id: 'acme', provider: 'salesloft', credentials: { token: 't' } });

  it('has its addresses, unless the connection names others', () => {
    const { auth } = salesloft;
    expect(salesloft.baseUrl(connection)).toBe('https://api.salesloft.com/v2');
    expect(auth.kind === 'clientCredentials' && auth.tokenUrl(connection)).toBe(
      'https://accounts.salesloft.com/oauth/token',
    );
    const moved = { ...connection, baseUrl: 'http://127.0.0.1:9/v2', tokenUrl: 'http://127.0.0.1:9/oauth/token' };
    expect(salesloft.baseUrl(moved)).toBe(moved.baseUrl);
    expect(auth.kind === 'clientCredentials' && auth.tokenUrl(moved)).toBe(moved.tokenUrl);
  });

  it('reads its budget from the headers, and nothing from junk', () => {
    const headers = { 'x-ratelimit-endpoint-cost': '3', 'x-ratelimit-remaining-minute': '0' };
    expect(salesloft.readBudget(headers)).toEqual({ cost: 3, remainingMinute: 0 });
    expect(salesloft.readBudget({ 'x-ratelimit-endpoint-cost': '', 'x-ratelimit-remaining-minute': '-1' })).toEqual({});
    expect(salesloft.readBudget({})).toEqual({});
  });
});
