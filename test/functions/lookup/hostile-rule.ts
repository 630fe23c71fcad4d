import { afterAll, beforeAll, expect } from 'vitest';
import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { transcriptionIdOf } from '#functions/lookup/dialects/salesloft/transcription-id.ts';
import { errorSchema, oauthErrorSchema } from '#functions/lookup/documents/errors.ts';
import type { Route } from '#functions/lookup/route.ts';
import { dialects } from '#functions/lookup/routes.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fileOf, fill, now, ownOf, recordsOf } from './hostile-world.ts';
import { type HttpAnswer, type HttpCall, lookupOver, type TestLookup } from './lookup-harness.ts';

/** A lookup over the hostile world, and the rule that every answer of it keeps. */

export const clock = { now };
export let lookup: TestLookup;
export let opened: TestStore;
const tokens = new Map<string, string>();

/** Opens the lookup over these connections for the tests of a file. */
export function openWorld(connections: readonly string[]): void {
  beforeAll(async () => {
    opened = await testStore();
    await fill(opened.store, connections);
    lookup = lookupOver(opened.store, clock, fileOf(connections));
  });
  afterAll(() => opened.close());
}

const recordAt = (index: number): StoredConversation => {
  const record = recordsOf(ownOf('vonage'))[index];
  if (!record) throw new Error('there is that record');
  return record.conversation;
};
/** A conversation with everything, of Vonage. */
export const first = (): StoredConversation => recordAt(0);
/** One without files. */
export const second = (): StoredConversation => recordAt(1);

/** An address of a route with parameters that are right. */
export function sampleOf({ path, about }: Route): string {
  const { id, uuid, connection } = first();
  const query = needed[about.id];
  const code = fileCode({ uuid, key: 'callRecording' });
  const ids = [
    ['/v1/connections', connection],
    ['/v1/', encodeURIComponent(id)],
    ['/recordings/', code],
    ['/v2/transcriptions/', transcriptionIdOf(uuid)],
  ] as const;
  const named = ids.find(([start]) => path.startsWith(start))?.[1] ?? uuid;
  const filled = path.replace(/\{(id|guid)\}/, named).replace(/\{(key|contentKey)\}/, 'callRecording');
  return query === undefined ? filled : `${filled}?${query}`;
}

/** What some addresses do not answer without. */
export const needed: Readonly<Record<string, string>> = {
  vonageListAnalyses: 'calls=0000aaaa-1111-4111-8111-000000000000',
  vonageListInteractions: `start=${formatInstant(epoch)}&end=${formatInstant(epoch + 1_000)}`,
};

/** Stands in what a request brings, so that an answer which repeats it is seen. */
export const marker = 'ZZVALUEZZ';

export type HostileCall = HttpCall & { client?: string | null };

/** A request of a client, by default of the one that may do everything; null sends no token. */
export async function ask(target: string, { client = 'all', headers, ...call }: HostileCall = {}): Promise<HttpAnswer> {
  const authorization: Record<string, string> =
    client === null ? {} : { authorization: `Bearer ${await tokenOf(client)}` };
  return lookup.call(target, { ...call, headers: { ...authorization, host: 'earshot.example', ...headers } });
}

export async function tokenOf(client: string): Promise<string> {
  const token = tokens.get(client) ?? (await lookup.token(client));
  tokens.set(client, token);
  return token;
}

const isToken = (path: string): boolean => /^\/(oauth|Auth\/connect)\/token\/?$/.test(path);

/** The shape of an error at a path, whatever the path is. */
function shapeOf(path: string, status: number) {
  if (isToken(path) && (status === 400 || status === 401)) return oauthErrorSchema;
  return dialects.find(({ speaks }) => speaks(path))?.errorSchema(path) ?? errorSchema;
}

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': expect.stringMatching(/^default-src 'none'/),
};

/** Asks, and holds the answer to the rule: good, or a clean 4xx in the shape of its surface that repeats no value. */
export async function rule(target: string, call: HostileCall = {}): Promise<HttpAnswer> {
  const answer = await ask(target, call);
  const { status, text } = answer;
  const about = `${call.method ?? 'GET'} ${target.slice(0, 200)} ${JSON.stringify(call.headers ?? {}).slice(0, 100)}: ${status} ${text.slice(0, 300)}`;
  expect([2, 3, 4], about).toContain(Math.floor(status / 100));
  expect(answer.headers, about).toMatchObject(headers);
  if (status < 400 || call.method === 'HEAD') return answer;
  expect(answer.headers['content-type'], about).toBe('application/json');
  expect(answer.headers['cache-control'], about).toBe('no-store');
  const body = answer.json();
  expect(shapeOf(target.split('?')[0] ?? '', status).parse(body), about).toEqual(body);
  expect(text, about).not.toContain(marker);
  return answer;
}
