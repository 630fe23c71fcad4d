import { describe, expect, it } from 'vitest';
import { answerMagpipe } from '#infra/local/fakes/magpipe/answer.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { type MagpipeSettings, magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeCall, MagpipeWorld } from '#infra/local/fakes/magpipe/world.ts';
import { origin, read } from './asking.ts';

const from = Date.parse('2026-03-02T09:00:00Z');
const later = from + 86_400_000;
const world = inventMagpipeWorld('lists', from, from + 3_600_000, 130);
const newest = world.calls.toSorted((a, b) => b.createdAtUs - a.createdAtUs);
const nth = (n: number): MagpipeCall => newest[n] as MagpipeCall;

const ask = (
  question: object | string,
  { nowMs = later, of = world, ...settings }: Partial<MagpipeSettings> & { nowMs?: number; of?: MagpipeWorld } = {},
) => {
  const request = {
    method: 'POST',
    url: `${origin}/functions/v1/list-calls`,
    headers: { authorization: `Bearer ${magpipeDefaults.apiToken}` },
    body: typeof question === 'string' ? question : JSON.stringify(question),
  };
  return read(answerMagpipe(of, request, nowMs, { ...magpipeDefaults, ...settings }));
};
const idsOf = ({ body }: ReturnType<typeof ask>): string[] => body.calls.map(({ id }: { id: string }) => id);

describe('list-calls', () => {
  it('gives fifty rows, newest first, of an empty body', () => {
    for (const empty of ['', '{}', ' ']) {
      const page = ask(empty);
      expect(idsOf(page)).toEqual(newest.slice(0, 50).map(({ id }) => id));
      expect(page.body).toMatchObject({ total: 130, has_more: true });
    }
  });

  it('has the fields of the code in a row, or of the documents, and never a transcript or a link', () => {
    const [full] = ask({ limit: 1 }).body.calls;
    const [documented] = ask({ limit: 1 }, { rows: 'documented' }).body.calls;
    const shared = [
      'agent_id',
      'call_summary',
      'created_at',
      'direction',
      'duration',
      'from_number',
      'id',
      'sentiment',
    ];
    expect(Object.keys(documented).sort()).toEqual([...shared, 'status', 'to_number']);
    expect(Object.keys(full).sort()).toEqual(
      [...shared, 'status', 'to_number', 'agent_name', 'started_at', 'ended_at'].sort(),
    );
  });

  it('is paged by offset, a hundred at most', () => {
    expect(ask({ limit: 500 }).body.calls).toHaveLength(100);
    const rest = ask({ limit: 100, offset: 100 });
    expect(idsOf(rest)).toEqual(newest.slice(100).map(({ id }) => id));
    expect(rest.body).toMatchObject({ total: 130, has_more: false });
    expect(ask({ offset: 130 }).body).toEqual({ calls: [], total: 130, has_more: false });
    expect(ask({ limit: 500 }, { mostRows: 500 }).body.calls).toHaveLength(130);
  });

  it('says by the limit that was asked for whether more follow, whatever it gave', () => {
    expect(ask({ limit: 130 }).body).toMatchObject({ has_more: false });
    expect(ask({ limit: 129 }).body).toMatchObject({ has_more: true });
  });

  it('includes both dates, to the microsecond', () => {
    const at = (us: number): string =>
      new Date(Math.floor(us / 1_000)).toISOString().replace('Z', `${String(us % 1_000).padStart(3, '0')}Z`);
    const { createdAtUs, id } = nth(40);
    const within = (from_date: number, to_date: number) =>
      idsOf(ask({ from_date: at(from_date), to_date: at(to_date) }));
    expect(within(createdAtUs, createdAtUs)).toEqual([id]);
    expect(within(createdAtUs + 1, createdAtUs + 1)).toEqual([]);
    expect(within(createdAtUs, nth(38).createdAtUs)).toEqual([38, 39, 40].map((n) => nth(n).id));
  });

  it('filters by direction, status, agent and either number', () => {
    const { agentId, customerNumber, serviceNumber } = nth(3);
    const count = (question: object): number => ask(question).body.total;
    expect(count({ direction: 'inbound' }) + count({ direction: 'outbound' })).toBe(130);
    expect(count({ status: 'completed' })).toBe(newest.filter(({ answeredAtUs }) => answeredAtUs !== null).length);
    expect(count({ agent_id: agentId })).toBe(newest.filter((call) => call.agentId === agentId).length);
    expect(count({ phone_number: customerNumber })).toBeGreaterThan(0);
    expect(count({ phone_number: serviceNumber })).toBeGreaterThan(count({ phone_number: customerNumber }));
    expect(count({ phone_number: '+442079460000000' })).toBe(0);
  });

  it.each([
    ['{"limit"', 'server_error'],
    ['[1', 'server_error'],
    ['{"from_date":"yesterday"}', 'query_error'],
  ])('fails at %s with 500', (body, code) => {
    expect(ask(body)).toMatchObject({ status: 500, body: { error: { code, message: expect.any(String) } } });
  });

  it('shows calls from the moment they are visible', () => {
    const one = { calls: [{ ...nth(0), visibleAtUs: later * 1_000 }] };
    expect([-1, 0].map((ms) => ask({}, { of: one, nowMs: later + ms }).body.total)).toEqual([0, 1]);
  });

  it('shows stamps with as many digits as it is told', () => {
    const stamps = ([0, 3, 6] as const).map(
      (stampDigits) => ask({ limit: 1 }, { stampDigits }).body.calls[0].created_at,
    );
    expect(stamps.map((stamp: string) => stamp.length)).toEqual([20, 24, 27]);
    for (const stamp of stamps) expect(stamps[2].slice(0, 19)).toBe(stamp.slice(0, 19));
  });

  it('may order calls of one moment anew for each page', () => {
    const tied = { calls: world.calls.map((call) => ({ ...call, createdAtUs: from * 1_000 })) };
    const pages = (ties: 'steady' | 'changing') =>
      [0, 50, 100].flatMap((offset) => idsOf(ask({ offset, limit: 50 }, { of: tied, ties })));
    expect(new Set(pages('steady')).size).toBe(130);
    expect(new Set(pages('changing')).size).toBeLessThan(130);
    expect(pages('changing')).toEqual(pages('changing'));
  });
});
