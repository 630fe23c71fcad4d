import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectionSchema } from '#shared/domain/connections.ts';
import { CredentialsRejected, HostRefused, RateLimited } from '#shared/domain/errors.ts';
import { LinkRefused } from '#shared/http/link-refused.ts';
import type { StreamAnswer } from '#shared/http/open-stream.ts';
import { type AccountSession, type MediaDoor, openMediaDoor, type Place } from '#shared/ingest/media-session.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

/** The account's API, and a host of media that the operator named. */
let api: Loopback;
let storage: Loopback;
/** what came to them: `<who> <path> <range> <authorization>` */
let asked: string[];
let answer: (who: string, response: ServerResponse) => void;
let door: MediaDoor;
/** payments, and the statuses that the budget was told of */
let budget: (string | number)[];
let pay: () => void;

beforeEach(async () => {
  [asked, budget] = [[], []];
  answer = (_who, response) => response.end('bytes');
  pay = () => void budget.push('paid');
  const as =
    (who: string) =>
    ({ url = '', headers }: IncomingMessage, response: ServerResponse): void => {
      asked.push(`${who} ${url} ${headers.range ?? '-'} ${headers.authorization ?? '-'}`);
      answer(who, response);
    };
  [api, storage] = await Promise.all([loopback(as('api')), loopback(as('storage'))]);
  const mediaHosts = [new URL(storage.url).host];
  const session: AccountSession = {
    baseUrl: `${api.url}/v2`,
    connection: connectionSchema.parse({ id: 'a', provider: 'talkdesk', credentials: { token: 't' }, mediaHosts }),
    through: (path, cost, send) =>
      send({
        url: new URL(`${api.url}/v2${path}`),
        headers: { authorization: `Bearer ${cost}` },
        beforeSend: async () => pay(),
        onAnswer: async ({ status }) => void budget.push(status),
      }),
  };
  door = openMediaDoor(session, virtualClock());
});
afterEach(() => Promise.all([api.close(), storage.close()]));

const { signal } = new AbortController();
const file: Place = { from: 'account', path: '/rec/1' };
const link = (path: string): Place => ({ from: 'link', href: storage.url + path });
const open = (place: Place, headers: Record<string, string> = {}) => door.open(place, { headers, signal });
async function textOf({ body }: StreamAnswer): Promise<string> {
  let text = '';
  for await (const chunk of body) text += chunk.toString();
  return text;
}

it('asks the account with its credentials, pays, and tells the budget of the answer', async () => {
  expect(await textOf(await open(file, { range: 'bytes=5-' }))).toBe('bytes');
  expect([asked, budget]).toEqual([['api /v2/rec/1 bytes=5- Bearer 1'], ['paid', 200]]);
});

it('asks links without credentials, and for nothing', async () => {
  expect(await textOf(await open(link('/a?signature=x'), { range: 'bytes=5-' }))).toBe('bytes');
  expect([asked, budget]).toEqual([['storage /a?signature=x bytes=5- -'], []]);
});

it('takes no credentials along where the account sends it elsewhere', async () => {
  answer = (who, response) => {
    if (who === 'storage') response.end('bytes');
    else response.writeHead(302, { location: `${storage.url}/b` }).end();
  };
  expect(await textOf(await open(file, { range: 'bytes=5-' }))).toBe('bytes');
  expect(asked).toEqual(['api /v2/rec/1 bytes=5- Bearer 1', 'storage /b bytes=5- -']);
  expect(budget).toEqual(['paid', 302]);
});

it('tells a refusal by the account from one of a link', async () => {
  answer = (_who, response) => response.writeHead(401).end();
  await expect(open(file)).rejects.toThrow(CredentialsRejected);
  await expect(open(link('/a'))).rejects.toThrow(LinkRefused);
});

it('sends nothing that is not paid for', async () => {
  pay = () => {
    throw new RateLimited('spent', 1_000);
  };
  await expect(open(file)).rejects.toThrow(RateLimited);
  expect(asked).toEqual([]);
});

it.each(['no address', 'javascript:alert(1)', 'http://127.0.0.1:1/a', 'https://10.0.0.1/a'])(
  'refuses the link %s',
  async (href) => {
    await expect(open({ from: 'link', href })).rejects.toThrow(HostRefused);
  },
);

it('ends with its signal', async () => {
  const time = new AbortController();
  answer = (_who, response) => void response.write('the first bytes, and then nothing');
  const stream = await door.open(file, { headers: {}, signal: time.signal });
  setImmediate(() => time.abort());
  await expect(textOf(stream)).rejects.toThrow('AbortError');
});
