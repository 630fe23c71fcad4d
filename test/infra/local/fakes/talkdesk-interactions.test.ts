import { describe, expect, it } from 'vitest';
import { answerTalkdesk } from '#infra/local/fakes/talkdesk/answer.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import type { TalkdeskRecord, TalkdeskWorld } from '#infra/local/fakes/talkdesk/world.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { getRequest, read } from './asking.ts';

const day = 86_400_000;
const from = Date.parse('2026-03-01T00:00:00Z');
const later = from + 30 * day;
const world = inventTalkdeskWorld('interactions', from, from + 7 * day, 23, { neverShare: 0 });
const first = world.interactions[0] as TalkdeskRecord;
const token = issueToken({ expiresAtMs: later + day, scopes: talkdeskDefaults.scopes }, talkdeskDefaults.clientSecret);
const week = { interaction_started: '2026-03-01T00:00:00.000000Z', interaction_ended: '2026-03-08T00:00:00.000000Z' };
const small = { ...talkdeskDefaults, pageSize: 10 };

const ask = (query: Record<string, string>, settings = talkdeskDefaults, nowMs = later, of: TalkdeskWorld = world) =>
  read(answerTalkdesk(of, getRequest('/conversations/interactions', query, token), nowMs, settings));
type Asked = ReturnType<typeof ask>;
const idsOf = ({ body }: Asked): string[] => body._embedded.interactions.map(({ id }: { id: string }) => id);
const cursorOf = ({ body }: Asked): string => new URL(body._links.next.href).searchParams.get('cursor') ?? '';

function readAll(repeatInterval: boolean, settings = small): string[] {
  const pages = [ask(week, settings)];
  for (let page = pages[0]; page?.body._links.next; pages.push(page)) {
    page = ask({ ...(repeatInterval ? week : {}), cursor: cursorOf(page) }, settings);
  }
  return pages.flatMap(idsOf);
}

describe('an interaction', () => {
  it('has every documented field, of its type', () => {
    const row = ask(week).body._embedded.interactions.find(
      (one: { messages: { source_system: string }[] }) => one.messages[0]?.source_system === 'STT',
    );
    expect(row).toMatchObject({
      id: expect.any(String),
      customer_id: expect.any(String),
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      ended_at: expect.stringMatching(/\.\d{6}Z$/),
      direction: expect.any(String),
      ring_groups: expect.any(Array),
      agents: [{ id: expect.any(String) }],
    });
    expect(row.messages[0]).toMatchObject({
      message_id: expect.any(String),
      text: expect.any(String),
      channel: 'VOICE',
      participant: 'agent',
      sentiment: expect.any(String),
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      recording_index: 0,
      message_index: 1,
      message_start_at: expect.stringMatching(/\.\d{6}Z$/),
      agent_id: row.agents[0].id,
    });
  });

  it('is listed from its time on, and its messages may come later', () => {
    const visible = Math.ceil(first.visibleAtUs / 1_000);
    const times = { visibleAtUs: visible * 1_000, transcriptAtUs: (visible + 30_000) * 1_000 };
    const one: TalkdeskWorld = { interactions: [{ ...first, ...times }] };
    expect(idsOf(ask(week, talkdeskDefaults, visible - 1, one))).toEqual([]);
    expect(ask(week, talkdeskDefaults, visible, one).body._embedded.interactions[0].messages).toEqual([]);
    expect(ask(week, talkdeskDefaults, visible + 29_999, one).body._embedded.interactions[0].messages).toEqual([]);
    const messages = ask(week, talkdeskDefaults, visible + 30_000, one).body._embedded.interactions[0].messages;
    expect(messages).toHaveLength(first.messages.length);
  });
});

describe('the interval', () => {
  it('holds interactions by their start, the end excluded', () => {
    const at = '2026-03-03T00:00:00Z';
    const one = { interactions: [{ ...first, startedAtUs: Date.parse(at) * 1_000 }] };
    const within = (interaction_started: string, interaction_ended: string) =>
      idsOf(ask({ interaction_started, interaction_ended }, talkdeskDefaults, later, one)).length;
    expect(within(at, '2026-03-03T00:00:00.000001Z')).toBe(1);
    expect(within('2026-03-02T00:00:00Z', at)).toBe(0);
  });

  it('is seven days wide at most', () => {
    expect(ask(week).status).toBe(200);
    const refused = ask({ ...week, interaction_ended: '2026-03-08T00:00:00.000001Z' });
    expect(refused).toMatchObject({ status: 400, body: { code: expect.any(String), message: 'Bad request' } });
    expect(refused.body.fields).toEqual([{ name: 'interaction_ended', description: 'interval over seven days' }]);
  });

  it.each([
    [{ interaction_started: 'monday' }, 'interaction_started'],
    [{ interaction_ended: '1772442031' }, 'interaction_ended'],
    [{ interaction_ended: '2026-02-27T00:00:00Z' }, 'interaction_ended'],
  ])('refuses %o', (query, field) => {
    expect(ask({ ...week, ...query })).toMatchObject({ status: 400, body: { fields: [{ name: field }] } });
  });

  it('is the last seven days when it is left out', () => {
    expect(idsOf(ask({}, talkdeskDefaults, from + 8 * day)).length).toBeGreaterThan(0);
    expect(idsOf(ask({}, talkdeskDefaults, later))).toEqual([]);
  });
});

describe('the cursor', () => {
  it('stands in a link to another host and leads through every page, with the interval beside it or not', () => {
    const page = ask(week, small);
    expect(page.body._links.next.href).toMatch(/^https:\/\/conversations\.talkdesk\.com\/interactions\?cursor=/);
    const ids = world.interactions.map(({ id }) => id).sort();
    expect(readAll(true).sort()).toEqual(ids);
    expect(readAll(false)).toEqual(readAll(true));
  });

  it('is absent on the last page', () => {
    expect(ask(week).body._links).toEqual({});
  });

  it('holds signs that must be encoded once', () => {
    const cursor = cursorOf(ask(week, small));
    expect(cursor).toMatch(/\+.*\/.*=$/);
    const raw = answerTalkdesk(
      world,
      getRequest('/conversations/interactions', `cursor=${cursor}`, token),
      later,
      small,
    );
    expect(raw.status).toBe(400);
  });

  it('is refused when it is not ours or too old', () => {
    expect(ask({ cursor: 'Zm9v' })).toMatchObject({ status: 400, body: { fields: [{ name: 'cursor' }] } });
    const mortal = { ...small, cursorLifeMs: 60_000 };
    const cursor = cursorOf(ask(week, mortal));
    expect(ask({ ...week, cursor }, mortal, later + 60_000).status).toBe(200);
    expect(ask({ ...week, cursor }, mortal, later + 60_001).status).toBe(400);
  });

  it('walks backwards where the order is so, and through equal starts', () => {
    expect(readAll(true, { ...small, order: 'descending' })).toEqual(readAll(true).reverse());
    const equal = inventTalkdeskWorld('equal', from, from + day, 40, { equalStamps: 30 });
    for (const order of ['ascending', 'descending'] as const) {
      const settings = { ...small, order };
      const seen: string[] = [];
      for (
        let page = ask(week, settings, later, equal);
        ;
        page = ask({ cursor: cursorOf(page) }, settings, later, equal)
      ) {
        seen.push(...idsOf(page));
        if (!page.body._links.next) break;
      }
      expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
    }
    expect(new Set(equal.interactions.map(({ startedAtUs }) => startedAtUs)).size).toBe(11);
  });
});
