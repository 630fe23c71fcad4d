import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/lookup/routes.ts';
import { changesBetween } from '#shared/domain/changes.ts';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { extendHistory } from '#shared/domain/history.ts';
import { getItem, putVersion } from '#shared/storage/conversations.ts';
import { participantRows, putParticipantRow } from '#shared/storage/participant-rows.ts';
import { dialectExamples } from './dialect-examples.ts';
import type { ExampleRequest } from './example-request.ts';
import { lookupExamples } from './lookup-examples.ts';
import { lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, setUpLookupTable, store } from './lookup-table.ts';
import { operationExamples, seedOperations } from './operation-examples.ts';
import { type Seeded, seedRecords } from './provider-world.ts';

setUpLookupTable();

/** Every example of the API's documents is a request that was sent here, with the answer that it got. */

const exampleRequests = [...lookupExamples, ...operationExamples, ...dialectExamples];
const folder = new URL('../../../docs/examples/', import.meta.url);
/** Where the examples find the API. */
const address = { host: 'earshot.example.com', 'x-forwarded-proto': 'https' };
const now = Date.parse('2026-11-21T12:00:00.000Z');

const connection = (id: string, provider: Seeded) => ({ id, provider, credentials: { secret: 'x' } });
const file = connectionsFileSchema.parse({
  connections: [
    connection('support-emea', 'vonage'),
    connection('support', 'talkdesk'),
    connection('sales', 'salesloft'),
    connection('voice-agent', 'magpipe'),
  ],
  clients: [{ clientId: 'crm', clientSecret: 'crm-secret', scopes: ['interaction-content:read', 'operations:write'] }],
});

let lookup: TestLookup;
let token: string;

beforeAll(async () => {
  clock.now = now;
  lookup = lookupOver(store, clock, file);
  for (const provider of ['vonage', 'talkdesk', 'salesloft', 'magpipe'] as const) {
    for (const record of seedRecords(provider, now - 600_000)) {
      const { conversation, transcript } = record;
      const { uuid } = conversation;
      const changed = changesBetween(null, conversation, transcript !== null);
      const history = extendHistory(null, { conversation, cause: 'poll', changed });
      await putVersion(store, record, 0, { history });
      const rows = participantRows({ before: null, after: await getItem(store, uuid) }, now);
      for (const row of rows) await putParticipantRow(store, row);
    }
  }
  await seedOperations(store, now - 600_000);
  token = await lookup.token('crm');
});

const fileOf = ({ operation, name }: ExampleRequest): string => `${operation}.${name}.json`;

/** What differs every time, in words. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/"access_token":"[^"]+"/g, '"access_token":"<a token>"'],
  [/"id":"(?!019aa5f1)[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}"/g, '"id":"<id of the operation>"'],
  [/"nextCursor":"[^"]+"/g, '"nextCursor":"<a cursor>"'],
  [/([?&](?:link|cursor|continuationToken)=)[\w.%-]+/g, '$1<opaque>'],
  [/"nextContinuationToken":"[^"]+"/g, '"nextContinuationToken":"<opaque>"'],
];

const parsed = (text: string): unknown => {
  const steady = volatile.reduce((current, [pattern, words]) => current.replaceAll(pattern, words), text);
  try {
    return JSON.parse(steady);
  } catch {
    return steady;
  }
};

describe('the examples of the documents', () => {
  it('are of addresses that there are', () => {
    const operations = new Set(routes.map(({ about }) => about.id));
    expect(exampleRequests.filter(({ operation }) => !operations.has(operation))).toEqual([]);
  });

  it('have a request for each file', () => {
    const wanted = new Set(exampleRequests.map(fileOf));
    expect(readdirSync(folder).filter((name) => !wanted.has(name))).toEqual([]);
  });

  it.each(exampleRequests.map((request) => [fileOf(request), request] as const))('%s', async (name, request) => {
    const { operation, name: word, about, method = 'GET', target, headers, body, open = false } = request;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await lookup.call(target, {
      method,
      headers: { ...address, ...headers, ...(!open && { authorization: `Bearer ${token}` }) },
      ...(text !== undefined && { body: text }),
    });
    expect(answer.status).toBeLessThan(500);
    const shown = {
      ...{ operation, name: word, about, method, target, headers, body },
      ...{ status: answer.status, answer: parsed(answer.text) },
    };
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(fileURLToPath(new URL(name, folder)));
  });
});
