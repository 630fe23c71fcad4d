import { replayRunner } from '#functions/operate/replay.ts';
import { reprocessRunner } from '#functions/operate/reprocess.ts';
import { runOperation } from '#functions/operate/run-operation.ts';
import { newOperation, type OperationJob } from '#shared/domain/operation.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { gatedBus } from './clients.ts';
import type { Deployed } from './deployed.ts';
import { erasures } from './erasures.ts';
import { workNext } from './work-next.ts';
import { start } from './world.ts';

const id = '00000000-0000-7000-8000-000000000000';
const year = 366 * 86_400_000;
const request = { from: new Date(start - year).toISOString(), to: new Date(start + year).toISOString() };

/** Asks for a replay of everything, once: who has no answer asks again and is told that it is there. */
export const askForReplay = ({ store, clock }: Deployed): Promise<boolean> =>
  putOperation(store, newOperation('replays', id, request, clock.now()));

/** The same for a reprocess of the world's connection. */
export const askForReprocess = ({ store, clock, world }: Deployed): Promise<boolean> =>
  putOperation(store, newOperation('reprocess', id, { connection: world.connection.id }, clock.now()));

/** The connector of a later release, which reads titles otherwise. */
const laterRelease = (connector: Connector): Connector => ({
  ...connector,
  mapper: connector.mapper + 1,
  streams: connector.streams.map((stream) => ({
    ...stream,
    normalize: (answer) => {
      const seen = stream.normalize(answer);
      return { ...seen, content: { ...seen.content, title: `${seen.content.title} again` } };
    },
  })),
});

/** Runs so far, whose names no two of them share. */
let runs = 0;

/** Works on an operation, as functions/operate/handler.ts does. False where there is none to be seen. */
export function operateNext(deployed: Deployed, publish: () => Promise<boolean>): Promise<boolean> {
  const { store, clock, told, operations, connector, world } = deployed;
  return workNext(operations, clock, async (job: OperationJob) => {
    runs += 1;
    const bus = { client: gatedBus(told), name: 'earshot', sleep: clock.sleep };
    const end = await runOperation(
      {
        ...{ store, now: clock.now, holder: `run ${runs}`, isTimeUp: () => false },
        runners: {
          erasures: erasures(deployed, publish),
          replays: replayRunner({ log: store, bus, clock }),
          reprocess: reprocessRunner({
            ...{ store, now: clock.now, slowPutMs: 5_000 },
            connections: () => [world.connection],
            connectorOf: () => laterRelease(connector),
          }),
        },
      },
      job,
    );
    if (end === 'held') await sendJobs(operations.queue, [job], 60);
  });
}
