import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealCursor } from '#functions/lookup/access/cursor.ts';
import { deriveKeys } from '#functions/lookup/access/keys.ts';
import type { ProviderName, StoredConversation } from '#shared/domain/conversation.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { ask as askWhole, clock, lookup, opened, openWorld, rule } from './hostile-rule.ts';
import { type Asked, listTargets, namedTargets } from './hostile-targets.ts';
import { allConnections, fileOf, fill, foreignMark, foreignOf, ownOf, providers, recordsOf } from './hostile-world.ts';
import { type HttpAnswer, lookupOver, secretValues, type TestLookup } from './lookup-harness.ts';

/**
 * A client limited to one connection, beside a lookup that holds nothing else: whatever it asks, both answer alike. So no
 * filter, count, page or error can tell that more is there.
 */

openWorld(allConnections);

type Bare = { lookup: TestLookup; database: TestDynamodb; token: string };
const bare = new Map<ProviderName, Bare>();

beforeAll(async () => {
  for (const provider of providers) {
    const database = await testDynamodb();
    const store = { ...opened.store, documents: documentsOver(database.client), table: database.table };
    await fill(store, [ownOf(provider)]);
    const alone = lookupOver(store, clock, fileOf([ownOf(provider)]));
    bare.set(provider, { lookup: alone, database, token: await alone.token(`only-${provider}`) });
  }
});
afterAll(async () => {
  await Promise.all([...bare.values()].map(({ database }) => database.close()));
});

const askBare = async (
  provider: ProviderName,
  { target, headers, ...call }: Asked,
): Promise<HttpAnswer | undefined> => {
  const { lookup: alone, token = '' } = bare.get(provider) ?? {};
  const authorization = `Bearer ${token}`;
  return alone?.call(target, { ...call, headers: { authorization, host: 'earshot.example', ...headers } });
};

/** A cursor is sealed anew each time: whether there is one is all that it tells. */
const seen = (answer: HttpAnswer | undefined) => ({
  ...{ status: answer?.status, headers: answer?.headers, bytes: answer?.bytes.length },
  text: answer?.text.replaceAll(/("next(?:Cursor|ContinuationToken)":"|cursor=)[\w%-]+/g, '$1…'),
});

const conversationOf = (connection: string, index: number): StoredConversation => {
  const record = recordsOf(connection)[index];
  if (!record) throw new Error('there is that record');
  return record.conversation;
};

describe.each(providers)('a client limited to a connection of %s', (provider) => {
  const client = `only-${provider}`;
  const expectAlike = async (asked: readonly Asked[]): Promise<number[]> => {
    const statuses: number[] = [];
    for (const one of asked) {
      const { target, ...call } = one;
      const answer = await askWhole(target, { ...call, client });
      const about = `${target} ${one.body ?? ''}`;
      expect(answer.text, about).not.toContain(foreignMark);
      expect(seen(answer), about).toEqual(seen(await askBare(provider, one)));
      statuses.push(answer.status);
    }
    return statuses;
  };

  test('finds nothing of others by any name, and all that is its own', async () => {
    await expectAlike(namedTargets(conversationOf(foreignOf(provider), 0)));
    const own = await expectAlike(namedTargets(conversationOf(ownOf(provider), 0)).filter((_, i) => i % 4 === 0));
    expect(own.filter((status) => status === 200).length).toBeGreaterThan(5);
  });

  test('finds nothing of others by any list, count or filter', async () => {
    const owner = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
    const lists = listTargets({ connection: foreignOf(provider), owner, agent: `agent-${foreignMark}` });
    // Each is tried by two of the clients.
    await expectAlike(lists.filter((_, i) => (i + providers.indexOf(provider)) % 2 === 0));
  });
});

test('there is something of others to be found', async () => {
  const shown = [];
  for (const { target, ...call } of listTargets({ connection: foreignOf('vonage'), owner: '', agent: 'agent-own' })) {
    const { text } = await askWhole(target, call);
    if (/foreign/i.test(text)) shown.push(target.split('?')[0]);
  }
  expect(new Set(shown).size).toBeGreaterThan(5);
});

test('a link to a file opens no file of the same name elsewhere', async () => {
  const own = conversationOf(ownOf('vonage'), 0);
  const pathOf = (id: string) => `/v1/conversations/${encodeURIComponent(id)}/media/callRecording`;
  const link = await askWhole(`${pathOf(own.id)}/link`, { method: 'POST', client: 'only-vonage' });
  const { href } = JSON.parse(link.text);
  const query = href.slice(href.indexOf('?'));
  expect((await lookup.call(href)).status).toBe(200);
  const answers = [
    conversationOf(foreignOf('vonage'), 0).id,
    conversationOf(foreignOf('vonage'), 0).uuid,
    'no:where',
  ].map((id) => rule(pathOf(id) + query, { client: null }));
  const [first, ...others] = (await Promise.all(answers)).map(seen);
  expect(first?.status).toBe(401);
  for (const other of others) expect(other).toEqual(first);
});

describe('cursors', () => {
  const v1 = '/v1/conversations?limit=1';
  const lists = [
    `${v1}`,
    `${v1}&order=asc`,
    `${v1}&sort=updatedAt`,
    `${v1}&participant=%2B441632960111`,
    `${v1}&sort=durationMs&startedFrom=2026-11-01T00:00:00Z&startedTo=2026-11-05T00:00:00Z`,
    '/interaction-content/interactions?start=2026-11-01&end=2026-11-05&limit=1',
    '/interaction-content/interactions?start=2026-11-01&end=2026-11-05&limit=1&direction=inbound',
    '/conversations/interactions?interaction_started=2026-11-01&interaction_ended=2026-11-05',
  ];
  const headers = { accept: 'application/vnd.newvoicemedia.v3+json' };
  const nameOf = (list: string) => (list.startsWith('/interaction-content') ? 'continuationToken' : 'cursor');
  const behind = (list: string, cursor: string) => `${list}&${nameOf(list)}=${encodeURIComponent(cursor)}`;

  /** The cursor of a list's first page. Talkdesk's pages are longer than this world: its cursor is sealed here. */
  async function cursorOf(list: string, client: string): Promise<string> {
    if (list.startsWith('/conversations/')) {
      const key = deriveKeys(secretValues['test/signing'] ?? '');
      const place = JSON.stringify([Date.parse('2026-11-01'), Date.parse('2026-11-05'), '2026-11-02T09:00:00.000Z#']);
      return sealCursor(key, place, { client, query: { list: 'talkdesk' } }, clock.now);
    }
    const body = (await askWhole(list, { headers, client })).json();
    return (
      body.nextCursor ?? (body as unknown as { meta: { nextContinuationToken: string } }).meta.nextContinuationToken
    );
  }

  test('lead on nowhere but where they were given, for a day', async () => {
    for (const list of lists) {
      const cursor = await cursorOf(list, 'all');
      expect((await rule(behind(list, cursor), { headers })).status, list).toBe(200);
      const refused = seen(await rule(behind(list, 'x'.repeat(60)), { headers }));
      expect(refused.status).toBe(400);
      const middle = Math.floor(cursor.length / 2);
      const edited = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
      const bent = [
        cursor.slice(0, -1),
        cursor.slice(1),
        cursor.slice(0, 40),
        edited,
        `${cursor}=`,
        `${cursor}A`,
        ` ${cursor}`,
      ];
      for (const one of [...bent, cursor.toUpperCase(), `${cursor},${cursor}`, `${cursor}\0`]) {
        expect(seen(await rule(behind(list, one), { headers })), `${list} ${one}`).toEqual(refused);
      }
      for (const client of ['public', 'only-vonage', 'only-salesloft']) {
        expect(seen(await rule(behind(list, cursor), { headers, client })), list).toEqual(refused);
      }
      for (const other of lists.filter((one) => one !== list)) {
        expect((await rule(behind(other, cursor), { headers })).status, `${list} at ${other}`).toBe(400);
      }
      clock.now += 24 * 3_600_000 + 1;
      const authorization = `Bearer ${await lookup.token('all')}`;
      const old = await rule(behind(list, cursor), { headers: { ...headers, authorization } });
      clock.now -= 24 * 3_600_000 + 1;
      expect([old.status, old.text], list).toEqual([400, expect.stringContaining('older than 24 hours')]);
    }
  });
});
