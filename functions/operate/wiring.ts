import * as z from 'zod';
import { ServiceUnavailable } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { env } from '#shared/facts/env.ts';
import { deadLetterSuffix } from '#shared/facts/queues.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { indexBatch, removeRows } from '#shared/publish/index-batch.ts';
import { type Outlets, publishBatch } from '#shared/publish/publish-batch.ts';
import { openBus } from '#shared/publish/put-events.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { openStore } from '#shared/storage/document-client.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';
import { takeBackEvents } from './erase/clear-events.ts';
import { deadInbox } from './erase/dead-inbox.ts';
import { erasureRunner } from './erasure.ts';
import { type NameLetter, nameDelivery, nameMediaJob, nameOperation } from './letter-names.ts';
import { type DeadPlaces, redriveRunner } from './redrive.ts';
import type { MendedQueue } from './redrive-messages.ts';
import { replayRunner } from './replay.ts';
import { reprocessRunner } from './reprocess.ts';
import { askForRetention } from './retention.ts';
import type { RunContext } from './run-operation.ts';

export const store = openStore();
export const clock = clockFrom(() => Date.now());
export const operations = openJobQueue(requireEnv(env.operationsQueue));

const addressesIn = (name: string): [provider: string, url: string][] =>
  Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(requireEnv(name))));

const media = addressesIn(env.mediaQueues);
const outlets: Outlets = {
  bus: openBus(requireEnv(env.bus)),
  log: store,
  operations,
  queues: new Map(media.map(([provider, url]) => [provider, openJobQueue(url)])),
};

const mended = (url: string, nameOf: NameLetter): MendedQueue => ({
  dead: openJobQueue(url + deadLetterSuffix),
  source: openJobQueue(url),
  nameOf,
});

const inboxConnectors = addressesIn(env.inboxQueues).flatMap(([provider, url]) => {
  const connector = findConnector(provider);
  return connector ? [{ url, connector }] : [];
});
const inboxes = inboxConnectors.map(({ url, connector }) => mended(url, nameDelivery(store, connector)));
const deadInboxes = inboxConnectors.map(({ url, connector }) =>
  deadInbox(openJobQueue(url + deadLetterSuffix), store, connector),
);

const places: DeadPlaces = {
  queues: {
    inbox: inboxes,
    media: media.map(([, url]) => mended(url, nameMediaJob)),
    operations: [mended(operations.url, nameOperation)],
  },
  readers: {
    publish: {
      arn: requireEnv(env.publishFunction),
      work: async (records) => {
        const { batchItemFailures } = await publishBatch(outlets, records);
        if (batchItemFailures.length > 0) throw new ServiceUnavailable('the bus or a queue refused again and again');
      },
      takeBack: (steps) => takeBackEvents(store, steps),
    },
    participants: {
      arn: requireEnv(env.participantsFunction),
      work: (records) => indexBatch(store, records, clock.now()),
      takeBack: (steps) => removeRows(store, steps),
    },
  },
  store,
  deadLetters: { objects: store.objects, bucket: requireEnv(env.deadLetters) },
  waitSeconds: 1,
};

/** What works off each kind of operation. A new kind is a runner here and a request in `functions/lookup/operations/kinds.ts`. */
export const runners: RunContext['runners'] = {
  replays: replayRunner({ log: store, bus: outlets.bus, clock }),
  redrives: redriveRunner(places),
  reprocess: reprocessRunner({
    ...{ store, now: clock.now, slowPutMs: Number(requireEnv(env.settleMs)) / 2 },
    connections: () => loadConnections().connections,
    connectorOf: findConnector,
  }),
  erasures: erasureRunner({
    ...{ store, clock, deadLetters: places.deadLetters, inboxes: deadInboxes, waitSeconds: 1 },
    writingOf: (id) => {
      const connection = loadConnections().connections.find((one) => one.id === id);
      const promised = connection && findConnector(connection.provider)?.promised;
      return connection && promised
        ? { slowPutMs: Number(requireEnv(env.settleMs)) / 2, expectation: expectationOf(connection, promised) }
        : null;
    },
  }),
};

/** Asks for what has outlived its time today. */
export const askDaily = (): Promise<void> => askForRetention(store, loadConnections().connections, clock.now());
