import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import { answerMagpipe } from '#infra/local/fakes/magpipe/answer.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { type MagpipeSettings, magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import type { MagpipeCall, MagpipeWorld } from '#infra/local/fakes/magpipe/world.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { type FakeSession, fakeSession, type Tamper } from './fake-session.ts';

export const start = Date.parse('2026-03-02T00:00:00.000Z');
export const day: Window = { from: start, to: start + 86_400_000 };
export const later = (): number => start + 2 * 86_400_000;

const [only] = magpipe.streams;
if (!only) throw new Error('no stream');
export const stream = only;

const invented = inventMagpipeWorld('connector', start, start + 1_000, 30, { lateShare: 0, neverShare: 0 });

/** A call that was answered and of which everything is there by `later`. */
export function base(): MagpipeCall {
  const call = invented.calls.find(({ answeredAtUs }) => answeredAtUs !== null);
  if (!call) throw new Error('no call was answered');
  return call;
}

/** Ids do not follow the order of the stamps. */
const idOf = (n: number): string => {
  const digits = ((n * 7_919) % 1_000_003).toString(16).padStart(12, '0');
  return `00000000-0000-4000-8000-${digits}`;
};

export function callAt(n: number, us: number): MagpipeCall {
  return { ...base(), id: idOf(n), createdAtUs: start * 1_000 + us, visibleAtUs: 0 };
}

/** A world of calls that differ in their creation alone, in microseconds after `start`. */
export const worldOf = (stamps: readonly number[]): MagpipeWorld => ({ calls: stamps.map((us, n) => callAt(n, us)) });

export const sortedIds = ({ calls }: MagpipeWorld): string[] => calls.map(({ id }) => id).sort();
export const idsOf = (records: readonly unknown[]): string[] =>
  records.map((record) => stream.identify(record).externalId).sort();

/** A session whose requests are kept with their bodies. */
export type MagpipeSession = FakeSession & { questions: Record<string, unknown>[] };

export function magpipeSession(
  world: MagpipeWorld,
  {
    now = later,
    settings = {},
    tamper = (request, respond) => respond(request),
  }: {
    now?: () => number;
    settings?: Partial<MagpipeSettings>;
    tamper?: Tamper;
  } = {},
): MagpipeSession {
  const full = { ...magpipeDefaults, ...settings };
  const questions: Record<string, unknown>[] = [];
  const session = fakeSession({
    provider: 'magpipe',
    baseUrl: 'https://api.magpipe.ai/functions/v1',
    token: full.apiToken,
    now,
    respond: (request) => {
      questions.push(JSON.parse(request.body));
      return tamper(request, (asked) => answerMagpipe(world, asked, now(), full));
    },
  });
  return { ...session, questions };
}

/** Changes the JSON of every answer. */
export const edit =
  (change: (body: Record<string, unknown>) => unknown): Tamper =>
  (request, respond) => {
    const answer = respond(request);
    return { ...answer, body: JSON.stringify(change(JSON.parse(String(answer.body)))) };
  };

/** A fault of the fake, on every answer. */
export const playing =
  (fault: Fault): Tamper =>
  (request, respond) => {
    fault.before?.(later());
    if (fault.instead) return fault.instead(request);
    const answer = respond(fault.rewrite?.(request) ?? request);
    const dated = { ...answer, headers: { ...answer.headers, date: new Date(later()).toUTCString() } };
    return fault.edit?.(dated, request) ?? dated;
  };
