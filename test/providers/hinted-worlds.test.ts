import { expect, it } from 'vitest';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { answerVonage } from '#infra/local/fakes/vonage/answer.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import type { Hint } from '#shared/domain/delivery.ts';
import type { Stream } from '#shared/providers/connector.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { type FakeSession, fakeSession, salesloftSession, talkdeskSession } from './fake-session.ts';
import { magpipeSession } from './magpipe-worlds.ts';
import { answersFor, walkWindow } from './walk.ts';

/** Of an invented world, asking by id gives what a poll gives at the same moment, while some of it is late and after. */

const from = Date.parse('2026-03-02T06:00:00.000Z');
const hour = 3_600_000;
/** Behind the newest of the world, by so many milliseconds. */
const moments = [60_000, 10 * hour];

const shape = { lateShare: 0.4, neverShare: 0.1 };
const world = {
  magpipe: inventMagpipeWorld('hinted', from, from + 3 * hour, 25, shape),
  salesloft: inventSalesloftWorld('hinted', from, from + 3 * hour, 25, shape),
  talkdesk: inventTalkdeskWorld('hinted', from, from + 3 * hour, 25, shape),
  vonage: inventVonageWorld('hinted', from, from + 3 * hour, 25, shape),
};

const vonageSession = (now: () => number): FakeSession =>
  fakeSession({
    provider: 'vonage',
    baseUrl: 'https://emea.api.newvoicemedia.com',
    token: issueToken(
      { expiresAtMs: Number.MAX_SAFE_INTEGER, scopes: vonageDefaults.scopes },
      vonageDefaults.clientSecret,
    ),
    now,
    respond: (request) => answerVonage(world.vonage, request, now()),
  });

const sessions: Record<keyof typeof world, (now: () => number) => FakeSession> = {
  magpipe: (now) => magpipeSession(world.magpipe, { now }),
  salesloft: (now) => salesloftSession(world.salesloft, now),
  talkdesk: (now) => talkdeskSession(world.talkdesk, now, { settings: { pageSize: 7 } }),
  vonage: vonageSession,
};

function streamOf(provider: string): Stream {
  const [stream] = findConnector(provider)?.streams ?? [];
  if (!stream) throw new Error(`${provider} has no stream`);
  return stream;
}

const cases = Object.entries(sessions).flatMap(([provider, session]) =>
  moments.map((after) => [provider, after, session] as const),
);

it.each(cases)('%s, %d ms later', async (provider, after, sessionAt) => {
  const stream = streamOf(provider);
  const session = sessionAt(() => from + 3 * hour + after);
  const { records } = await walkWindow(stream, session, { from, to: from + 3 * hour + after });
  const polled = (await answersFor(stream, session, records)).map((answer) => stream.normalize(answer));
  expect(polled.length).toBeGreaterThan(15);
  const asked = session.asked.length;
  for (const known of [true, false]) {
    const hints = polled.map(({ externalId, content }): Hint => {
      return { externalId, startedAt: known ? content.startedAt : null };
    });
    const hinted: unknown[] = [];
    for (let i = 0; i < hints.length; i += stream.hinted.most) {
      const answers = await stream.hinted.fetch(session, hints.slice(i, i + stream.hinted.most));
      hinted.push(...answers.map((answer) => answer && stream.normalize(answer)));
    }
    expect(hinted).toEqual(polled);
  }
  // A hint costs about as much as the record in a list does.
  expect(session.asked.length - asked).toBeLessThan(2 * 3 * polled.length);
});
