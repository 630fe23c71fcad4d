import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { startPushing, wholeBetween } from '#infra/local/fakes/magpipe/push.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { loopback } from '#test/support/loopback.ts';

const from = Date.parse('2026-03-02T09:00:00Z');
const hour = 3_600_000;
const world = inventMagpipeWorld('push', from, from + hour, 40);
const idsBetween = (fromMs: number, toMs: number) =>
  wholeBetween(world, fromMs * 1_000, toMs * 1_000).map(({ id }) => id);

it('tells of each call that was answered once, wherever it is looked at in between', () => {
  const all = idsBetween(from, from + 48 * hour).sort();
  expect(all.length).toBeGreaterThan(20);
  void fc.assert(
    fc.property(fc.array(fc.integer({ min: from, max: from + 48 * hour }), { maxLength: 8 }), (looks) => {
      const edges = [from, ...looks.sort((a, b) => a - b), from + 48 * hour];
      const told = edges.slice(1).flatMap((to, i) => idsBetween(edges[i] ?? from, to));
      expect(told.sort()).toEqual(all);
    }),
    { numRuns: 50 },
  );
});

it('signs what it sends as Magpipe does, and sends again what was not taken', async () => {
  const received: { id: string; isGenuine: boolean }[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const server = await loopback(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const headers = { 'x-magpipe-signature': String(request.headers['x-magpipe-signature']) };
    const verdict = await magpipe.webhook.scheme?.verify({ headers, body, now: from }, 'secret');
    const [hint] = magpipe.webhook.hints({ event: null, isSigned: true, body: JSON.parse(body.toString()) });
    received.push({ id: hint?.externalId ?? '', isGenuine: verdict?.isGenuine === true });
    response.writeHead(received.length === 1 ? 503 : 202).end();
    if (received.length > 3) resolve();
  });
  let clock = from;
  const pushing = startPushing({
    ...{ world: () => world, address: server.url, secret: 'secret' },
    now: () => {
      clock += 10 * 60_000;
      return clock;
    },
  });
  await enough;
  await pushing.close();
  await server.close();
  expect(received.map(({ isGenuine }) => isGenuine)).not.toContain(false);
  expect(received[1]?.id).toBe(received[0]?.id);
});
