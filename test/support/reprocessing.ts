import { expect } from 'vitest';
import { reprocessRunner } from '#functions/operate/reprocess.ts';
import { type RunEnd, runOperation } from '#functions/operate/run-operation.ts';
import { identify } from '#shared/domain/identity.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { type ReprocessResult, reprocessResult } from '#shared/domain/operation-reprocess.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { getRecord, type KnownRecord } from '#shared/storage/conversations.ts';
import { getOperation, putOperation } from '#shared/storage/operations.ts';
import { type Polling, record } from './polling.ts';
import type { Toy, ToyRecord } from './toy-provider.ts';

export const uuidOf = (id: string): string => identify('talkdesk', 'toy', id).uuid;

/** Polls of a toy provider, and reprocessing of what they stored. */
export type Reprocessing = {
  known: (id: string) => Promise<KnownRecord>;
  titleOf: (id: string) => Promise<string | null>;
  ask: (id: string, request: object) => Promise<boolean>;
  /** one run of an operation that was asked for */
  run: (id: string, provider: Toy, connector: Connector, isTimeUp?: () => boolean) => Promise<RunEnd>;
  /** asked for and done */
  reprocess: (provider: Toy, connector: Connector, request?: object) => Promise<ReprocessResult>;
  polled: (more?: Partial<Parameters<Polling['toy']>[0]>, records?: ToyRecord[]) => Promise<Toy>;
};

export function openReprocessing(polling: Polling): Reprocessing {
  const { store } = polling.opened;
  let runs = 0;
  const known: Reprocessing['known'] = async (id) => {
    const found = await getRecord(store, uuidOf(id));
    if (!found) throw new Error(`${id} is not stored`);
    return found;
  };
  const ask: Reprocessing['ask'] = (id, request) =>
    putOperation(store, newOperation('reprocess', id, { connection: 'toy', ...request }, polling.clock));
  const run: Reprocessing['run'] = (id, provider, connector, isTimeUp = () => false) => {
    const context = { store, now: () => polling.clock, slowPutMs: 5_000 };
    const connections = () => [provider.connection];
    const runner = reprocessRunner({ ...context, connections, connectorOf: () => connector });
    const holder = `run-${++runs}`;
    return runOperation({ ...context, runners: { reprocess: runner }, isTimeUp, holder }, { kind: 'reprocess', id });
  };
  return {
    ...{ known, ask, run },
    titleOf: async (id) => (await known(id)).record.conversation.title,
    reprocess: async (provider, connector, request = {}) => {
      const id = `op-${++runs}`;
      await ask(id, request);
      expect(await run(id, provider, connector)).toBe('done');
      const operation = await getOperation(store, { kind: 'reprocess', id });
      expect(operation?.progress.done).toBe(operation?.progress.total);
      return reprocessResult.parse(operation?.result);
    },
    polled: async (more = {}, records = [1, 2, 3].map((n) => record(n))) => {
      const provider = polling.toy({ records: () => records, pageSize: 2, ...more });
      await polling.poll(provider);
      provider.asked.length = 0;
      return provider;
    },
  };
}
