import { expect } from 'vitest';
import {
  byteOrderMark,
  contentType,
  html,
  resetAfter,
  status,
  tooMany,
} from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import type { LoggedRequest } from '#infra/local/fakes/provider.ts';
import { AppError } from '#shared/domain/errors.ts';
import type { RunSummary } from '#shared/ingest/poll-stream.ts';
import { duplicateKeys, type ListFault, listFaults } from './list-faults.ts';
import { atFirst, playing } from './playing.ts';
import type { RunRule } from './rule.ts';
import { openRuns, type Runs, recheckEveryMs } from './runs.ts';
import { saying, undisturbed } from './saying.ts';

const listFaultsAreNamed: RunRule = {
  name: 'names every fault of a page, keeps its place and loses nothing once the fault is gone',
  holds: async (fixture, store) => {
    const expected = await undisturbed(fixture, store);
    const runs = await openRuns(store, fixture);
    const before = await runs.checkpoint();
    for (const each of listFaults) {
      const asked = runs.account.asked().length;
      playing(runs.account, each.fault);
      const limits = each.fault.wire?.kind === 'stall' ? { totalMs: 30 } : {};
      const summary = await runs.run(limits);
      if (each.waitMs !== undefined) await tickTooEarly(runs);
      expectNamed(summary, each, runs.account.asked().slice(asked));
      expect(await runs.checkpoint(), each.name).toEqual(before);
      runs.clock.advance(each.waitMs ?? 60_000);
    }
    expect(await runs.stored()).toEqual(expected.map(() => null));
    playing(runs.account, null);
    expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
    const stored = await runs.stored();
    expect(stored.map(saying)).toEqual(expected);
    expect(stored.filter((record) => record?.conversation.version !== 1)).toEqual([]);
    expect(await runs.quarantined()).toBe(0);
  },
};

/** A tick of the schedule while nobody may ask. */
async function tickTooEarly(runs: Runs): Promise<void> {
  runs.clock.advance(500);
  await runs.run();
}

function expectNamed(summary: RunSummary, fault: ListFault, sent: readonly LoggedRequest[]): void {
  const { name, code, sendings, waitMs } = fault;
  expect(summary.counts, name).toEqual({ discovered: 0, updated: 0, unchanged: 0, erased: 0, quarantined: 0 });
  if (waitMs === undefined) {
    expect([name, summary.stopped, codeOf(summary.error)]).toEqual([name, 'failed', code]);
    expect([name, sent.length]).toEqual([name, sendings]);
    return;
  }
  expect(['rateLimited', 'timeUp'], name).toContain(summary.stopped);
  // A run may wait and ask again, but never before it may.
  for (const [i, { atMs }] of sent.entries()) {
    const last = sent[i - 1]?.atMs;
    if (last !== undefined) expect(atMs - last, name).toBeGreaterThanOrEqual(waitMs ?? 60_000 - (last % 60_000));
  }
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

const credentialsAreRenewedOnce: RunRule = {
  name: 'renews a refused token once, then says that the credentials are refused',
  holds: async (fixture, store) => {
    const expected = await undisturbed(fixture, store);
    const renews = fixture.connector.auth.kind === 'clientCredentials';
    const runs = await openRuns(store, fixture);
    let requests = 0;
    // In the middle of the walk, as when a token's life ends.
    const revoked: Fault = { name: 'token refused', before: () => runs.account.revoke() };
    if (renews) runs.account.faults.push({ match: () => ++requests === 2, fault: revoked });
    expect(await runs.run()).toMatchObject({ stopped: 'done', error: null });
    expect((await runs.stored()).map(saying)).toEqual(expected);
    expect(runs.account.tokensIssued()).toBe(renews ? 2 : 0);

    await runs.rewind();
    const asked = runs.account.asked().length;
    runs.account.lockOut();
    const summary = await runs.run();
    expect([summary.stopped, codeOf(summary.error)]).toEqual(['failed', 'CredentialsRejected']);
    expect(runs.account.asked().length - asked).toBe(renews ? 2 : 1);
    expect(await runs.run()).toMatchObject({ stopped: 'resting' });
    expect(runs.account.asked().length - asked).toBe(renews ? 2 : 1);
  },
};

const oddAnswersAreTaken: RunRule = {
  name: 'takes odd but good answers, and answers that come at the second sending',
  holds: async (fixture, store) => {
    const expected = await undisturbed(fixture, store);
    const oddities = [byteOrderMark(), duplicateKeys, contentType('text/plain; charset=utf-8')];
    const odd = await openRuns(store, fixture);
    playing(odd.account, {
      name: 'odd',
      edit: (answer, request) => oddities.reduce((edited, { edit }) => edit?.(edited, request) ?? edited, answer),
    });
    expect(await odd.run()).toMatchObject({ stopped: 'done', error: null });
    expect((await odd.stored()).map(saying)).toEqual(expected);

    const shaky = await openRuns(store, fixture);
    // Every question is sent three times: what the first rule lets pass is new to the second.
    shaky.account.faults.push(atFirst(1, status(502)), atFirst(1, resetAfter(3)));
    expect(await shaky.run()).toMatchObject({ stopped: 'done', error: null });
    expect((await shaky.stored()).map(saying)).toEqual(expected);
  },
};

/** Every question of the walk fails once, in one run after the other, so that no place in it is left out. */
const interrupted = (name: string, times: number, fault: Fault): RunRule => ({
  name: `comes to the same end when every question is once met by ${name}`,
  holds: async (fixture, store) => {
    const expected = await undisturbed(fixture, store);
    const runs = await openRuns(store, fixture);
    runs.account.faults.push(atFirst(times, fault));
    const faultsMet = (): number => runs.account.asked().filter((asked) => asked.fault !== undefined).length;
    let quiet = 0;
    for (let left = mostRuns; left > 0 && quiet < quietRuns; left--) {
      const before = faultsMet();
      await runs.run();
      quiet = faultsMet() === before ? quiet + 1 : 0;
      runs.clock.advance(recheckEveryMs);
    }
    expect(faultsMet()).toBeGreaterThan(0);
    expect(quiet).toBe(quietRuns);
    expect((await runs.stored()).map(saying)).toEqual(expected);
    expect(await runs.quarantined()).toBe(0);
  },
});

/** A fixture has few questions, and each costs a run or two; then all are asked again, and no more happens. */
const mostRuns = 50;
const quietRuns = 2;

export const faultRules: readonly RunRule[] = [listFaultsAreNamed, credentialsAreRenewedOnce, oddAnswersAreTaken];

export const interruptionRules: readonly RunRule[] = [
  interrupted('"wait a second"', 1, tooMany('1')),
  interrupted('"not now"', 3, status(500)),
  interrupted('an HTML page', 1, html()),
];
