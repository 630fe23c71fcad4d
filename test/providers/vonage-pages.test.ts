import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakeAnswer } from '#infra/local/fakes/exchange.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';
import { fakeSession } from './fake-session.ts';
import { json } from './vonage-analyzer.ts';
import { walkWindow } from './walk.ts';

const [stream] = vonage.streams;
if (!stream) throw new Error('no stream');

const window = { from: Date.parse('2026-03-02T00:00:00.000Z'), to: Date.parse('2026-03-08T23:59:00.000Z') };

const sessionOf = (respond: (token: string | null) => FakeAnswer) =>
  fakeSession({
    provider: 'vonage',
    baseUrl: 'https://emea.api.newvoicemedia.com',
    token: 't',
    now: () => 7,
    respond: ({ url }) => respond(new URL(url).searchParams.get('continuationToken')),
  });

const page = (items: unknown, nextContinuationToken: unknown) => json({ items, meta: { nextContinuationToken } });

describe('pages', () => {
  it('are read with the same window and limit beside each token, to the end', async () => {
    const tokens = ['a+/=', 'b c', null];
    const session = sessionOf((token) => {
      const at = token === null ? 0 : tokens.indexOf(token) + 1;
      return page([{ guid: `g${at}` }], tokens[at]);
    });
    const { records, cursors } = await walkWindow(stream, session, window);
    expect([records, cursors]).toEqual([
      [{ guid: 'g0' }, { guid: 'g1' }, { guid: 'g2' }],
      ['a+/=', 'b c'],
    ]);
    const fixed = { start: '2026-03-02T00:00:00.000Z', end: '2026-03-08T23:59:00.000Z', limit: '1000' };
    expect(session.asked.map(({ url }) => [url.pathname, Object.fromEntries(url.searchParams)])).toEqual(
      [{}, { continuationToken: 'a+/=' }, { continuationToken: 'b c' }].map((token) => [
        '/interaction-content/interactions',
        { ...fixed, ...token },
      ]),
    );
  });

  it.each([[null], [undefined], ['']])('end with the token %j', async (token) => {
    expect(
      (
        await stream.fetchPage(
          sessionOf(() => page([], token)),
          window,
          null,
        )
      ).next,
    ).toBeNull();
  });

  it('go on behind an empty page', async () => {
    const session = sessionOf((token) => (token === null ? page([], 'more') : page([1, null], null)));
    expect((await walkWindow(stream, session, window)).records).toEqual([1, null]);
  });

  it.each<[string, unknown]>([
    ['a bare array', []],
    ['no items', { meta: { nextContinuationToken: null } }],
    ['items that are no list', { items: {}, meta: { nextContinuationToken: null } }],
    ['no meta', { items: [] }],
    ['meta that is none', { items: [], meta: null }],
    ['a token that is no text', { items: [], meta: { nextContinuationToken: 7 } }],
    ['a token in an object', { items: [], meta: { nextContinuationToken: {} } }],
  ])('are not %s', async (_name, body) => {
    await expect(
      stream.fetchPage(
        sessionOf(() => json(body)),
        window,
        null,
      ),
    ).rejects.toThrow(ResponseInvalid);
  });

  it('stop where one names itself as the next', async () => {
    const session = sessionOf(() => page([], 'round'));
    await expect(walkWindow(stream, session, window)).rejects.toThrow('names itself as the next');
  });

  it('send any token back as it was given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (token) => {
        const session = sessionOf((sent) => (sent === null ? page([], token) : page([], null)));
        await walkWindow(stream, session, window);
        expect(session.asked[1]?.url.searchParams.get('continuationToken')).toBe(token);
      }),
      { numRuns: 200 },
    );
  });

  it('are of windows that the API allows', () => {
    expect(stream.maxWindowMs).toBeLessThan(7 * 86_400_000);
    expect(stream.lookbackMs).toBe(86_400_000);
  });
});

describe('the account', () => {
  const connection = (change: object): Connection =>
    connectionSchema.parse({ id: 'acme', provider: 'vonage', credentials: { token: 't' }, ...change });
  const addresses = (change: object) => [
    vonage.baseUrl(connection(change)),
    vonage.auth.kind === 'clientCredentials' && vonage.auth.tokenUrl(connection(change)),
  ];

  it.each(['emea', 'nam', 'apac'])('has the addresses of region %s', (region) => {
    const token = `https://${region}.cc.vonage.com/Auth/connect/token`;
    expect(addresses({ region })).toEqual([`https://${region}.api.newvoicemedia.com`, token]);
  });

  it('asks for what it cannot know', () => {
    expect(addresses({})).toEqual([null, null]);
    expect(addresses({ region: 'mars' })).toEqual([null, null]);
    const named = { region: 'emea', baseUrl: 'http://127.0.0.1:9', tokenUrl: 'http://127.0.0.1:9/Auth/connect/token' };
    expect(addresses(named)).toEqual([named.baseUrl, named.tokenUrl]);
  });

  it('asks for a version and for the scope of both APIs, and reads no budget', () => {
    expect(vonage.accept).toBe('application/vnd.newvoicemedia.v3+json');
    expect(vonage.auth).toMatchObject({ scope: 'interaction-content:read' });
    expect(vonage.readBudget({ 'x-ratelimit-remaining-minute': '1' })).toEqual({});
    expect(vonage.rateLimit).toEqual({ perMinute: 120 });
  });
});
