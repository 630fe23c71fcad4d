import { expect, it } from 'vitest';
import { erasureRunner } from '#functions/operate/erasure.ts';
import { runOperation } from '#functions/operate/run-operation.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { nothingErased, redacted } from '#shared/domain/operation-erasure.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { putPlan } from '#shared/storage/erasure-plan.ts';
import { getOperation, putOperation } from '#shared/storage/operations.ts';
import { awaiting, epoch } from '#test/support/records.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { openErasingWorld, phone, traces } from './erasing-world.ts';

const job = { kind: 'erasures', id: 'op-1' } as const;

/** A store whose run stops at its n-th call, before its effect or behind it; each run comes some calls further. */
function stopping(store: Store): { store: Store; stopAt: (call: number, behind: boolean) => void } {
  let calls = 0;
  let stop = { call: 0, isBehind: false };
  const over = <T extends { send: unknown }>(client: T): T => {
    const send = async (...given: unknown[]): Promise<unknown> => {
      const isStop = ++calls >= stop.call;
      if (isStop && !stop.isBehind) throw new Error('stopped before');
      const answer = await (client.send as (...args: unknown[]) => Promise<unknown>).apply(client, given);
      if (isStop) throw new Error('stopped behind');
      return answer;
    };
    return Object.create(client, { send: { value: send } });
  };
  const stopAt = (call: number, isBehind: boolean): void => {
    calls = 0;
    stop = { call, isBehind };
  };
  return { store: { ...store, documents: over(store.documents), objects: over(store.objects) }, stopAt };
}

it.each([
  [2, true],
  [3, false],
])('an erasure that is stopped every %i calls comes to its end and leaves nothing', async (step, isFirst) => {
  const world = await openErasingWorld();
  try {
    const clock = virtualClock(epoch + 86_400_000);
    const { store } = world.opened;
    const connections = [{ id: 'support', provider: 'talkdesk' as const }];
    const plan = { participant: phone, connections, conversations: [world.gone] };
    await putPlan(store, job.id, { ...plan, earlier: nothingErased, counted: null });
    await putOperation(store, newOperation('erasures', job.id, { participant: redacted, dryRun: false }, clock.now()));
    const stopped = stopping(store);
    let isTold = false;
    const sleep = async (ms: number): Promise<void> => {
      if (!isTold) await world.publishErased();
      isTold = true;
      await clock.sleep(ms);
    };
    const dead = { objects: stopped.store.objects, bucket: world.dead.bucket };
    const given = {
      store: stopped.store,
      clock: { ...clock, sleep },
      deadLetters: dead,
      inboxes: [],
      waitSeconds: 1,
      writingOf: () => ({ slowPutMs: 5_000, expectation: awaiting() }),
    };
    const runners = { erasures: erasureRunner(given) };
    let runs = 0;
    for (let run = 1; run < 60; run++) {
      stopped.stopAt(run * step, (run % 2 === 0) === isFirst);
      runs = run;
      const context = { store, runners, now: clock.now, isTimeUp: () => false, holder: `run-${run}` };
      const ended = await runOperation(context, job).catch(() => 'stopped');
      if (ended === 'done') break;
      expect(ended).toBe('stopped');
      await clock.sleep(30_000);
    }
    const operation = await getOperation(store, job);
    expect(operation).toMatchObject({
      state: 'done',
      result: { count: 1, erased: { conversations: 1, versions: 2, transcripts: 1, indexRows: 3 } },
    });
    const left = [...(await world.texts())].filter(([name, text]) => traces.some((one) => (name + text).includes(one)));
    expect(left).toEqual([]);
    expect([...(await world.texts()).keys()].filter((name) => name.includes(world.gone))).toHaveLength(1);
    expect(runs).toBeGreaterThan(8);
  } finally {
    await world.opened.close();
  }
});
