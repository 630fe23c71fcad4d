import { replayRunner } from '#functions/operate/replay.ts';
import { runOperation } from '#functions/operate/run-operation.ts';
import { newOperation, type OperationJob } from '#shared/domain/operation.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { gatedBus } from './clients.ts';
import type { Deployed } from './deployed.ts';
import { workNext } from './work-next.ts';
import { start } from './world.ts';

const id = '00000000-0000-7000-8000-000000000000';
const year = 366 * 86_400_000;
const request = { from: new Date(start - year).toISOString(), to: new Date(start + year).toISOString() };

/** Asks for a replay of everything, once: who has no answer asks again and is told that it is there. */
export const askForReplay = ({ store, clock }: Deployed): Promise<boolean> =>
  putOperation(store, newOperation('replays', id, request, clock.now()));

/** Runs so far, whose names no two of them share. */
let runs = 0;

/** Works on an operation, as functions/operate/handler.ts does. False where there is none to be seen. */
export function operateNext({ store, clock, told, operations }: Deployed): Promise<boolean> {
  return workNext(operations, clock, async (job: OperationJob) => {
    runs += 1;
    const bus = { client: gatedBus(told), name: 'earshot', sleep: clock.sleep };
    const end = await runOperation(
      {
        ...{ store, now: clock.now, holder: `run ${runs}`, isTimeUp: () => false },
        runners: { replays: replayRunner({ log: store, bus, clock }) },
      },
      job,
    );
    if (end === 'held') await sendJobs(operations.queue, [job], 60);
  });
}
