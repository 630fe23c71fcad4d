import { newOperation } from '#shared/domain/operation.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { claimOperation, endOperation } from '#shared/storage/operation-lease.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { type ExampleRequest, talkdeskCall } from './example-request.ts';

/** Examples of operations and of what could not be understood. */

const json = { 'content-type': 'application/json' };
const day = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };
const redrive = '019aa5f1-2c00-7000-8000-000000000001';

/** What they show: a redrive that is done, and a quarantined record. */
export async function seedOperations(store: Store, at: number): Promise<void> {
  await putOperation(store, newOperation('redrives', redrive, { kind: 'inbox' }, at));
  const lease = { kind: 'redrives', id: redrive, holder: 'example' } as const;
  await claimOperation(store, lease, at, 60_000);
  const result = { redriven: 2, left: 0, conversations: ['sales:3fa85f64-5717-4562-b3fc-2c963f66afa6'] };
  await endOperation(store, lease, { state: 'done', progress: { done: 2, total: 2 }, result });
  const objects = { send: async () => ({}) } as unknown as Store['objects'];
  const record = { connection: 'support', stream: 'interactions', externalId: '597a2201', raw: '{"id":"597a2201"}' };
  await quarantine({ ...store, objects }, { ...record, reason: 'started_at: expected an instant' }, at);
}

export const operationExamples: readonly ExampleRequest[] = [
  {
    operation: 'createBackfill',
    name: 'oneDay',
    about: 'A day that is to be read again; the same request again names the same operation',
    method: 'POST',
    target: '/v1/backfills',
    headers: json,
    body: { connection: 'support-emea', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
  },
  {
    operation: 'createBackfill',
    name: 'inTheFuture',
    about: 'A span that is not over',
    method: 'POST',
    target: '/v1/backfills',
    headers: json,
    body: { connection: 'support-emea', from: '2026-11-01T00:00:00Z', to: '2099-01-01T00:00:00Z' },
  },
  {
    operation: 'createReprocess',
    name: 'dryRun',
    about: 'What a later release would make of the conversations of a day; nothing is changed',
    method: 'POST',
    target: '/v1/reprocess',
    headers: json,
    body: { ...day, connection: 'support-emea', dryRun: true },
  },
  {
    operation: 'createReplay',
    name: 'toOneSubscriber',
    about: 'The transcripts of a day, for a subscriber that was down',
    method: 'POST',
    target: '/v1/replays',
    headers: json,
    body: { ...day, types: ['transcript.ready'], connection: 'support-emea', subscriber: 'crm-copy' },
  },
  {
    operation: 'createReplay',
    name: 'emptySpan',
    about: 'A span that ends where it begins',
    method: 'POST',
    target: '/v1/replays',
    headers: json,
    body: { ...day, to: day.from },
  },
  {
    operation: 'createRedrive',
    name: 'oneConversation',
    about: 'The failed deliveries of webhooks of one conversation',
    method: 'POST',
    target: '/v1/redrives',
    headers: json,
    body: { kind: 'inbox', ids: ['sales:3fa85f64-5717-4562-b3fc-2c963f66afa6'] },
  },
  { operation: 'getRedrive', name: 'done', about: 'One that is done', target: `/v1/redrives/${redrive}` },
  {
    operation: 'cancelRedrive',
    name: 'tooLate',
    about: 'One that is done already',
    method: 'POST',
    target: `/v1/redrives/${redrive}/cancel`,
  },
  {
    operation: 'createErasure',
    name: 'dryRun',
    about: 'How many conversations a person took part in',
    method: 'POST',
    target: '/v1/erasures',
    headers: json,
    body: { participant: '+441632960111', dryRun: true },
  },
  {
    operation: 'createErasure',
    name: 'withoutCount',
    about: 'An erasure that does not say how many it expects',
    method: 'POST',
    target: '/v1/erasures',
    headers: json,
    body: { participant: '+441632960111' },
  },
  {
    operation: 'holdConversation',
    name: 'held',
    about: 'A conversation is put under a legal hold',
    method: 'PUT',
    target: `/v1/conversations/support:${talkdeskCall}/hold`,
  },
  { operation: 'listQuarantine', name: 'all', about: 'All that the caller may see', target: '/v1/quarantine' },
  {
    operation: 'audit',
    name: 'twoHours',
    about: 'Two hours of a connection that no reading has told of yet',
    target: '/v1/audit?connection=support&from=2026-03-02T08:00:00Z&to=2026-03-02T10:00:00Z',
  },
];
