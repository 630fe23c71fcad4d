import { createHmac } from 'node:crypto';
import { baseUrl, invent } from './salesloft-worlds.ts';
import { type CrashWorld, connectionOf, pollCalls, type SentHook, start } from './world.ts';

const secret = 'callback-token';

/** As Salesloft signs and sends it. */
function hookOf(event: string, resource: object, key = secret): SentHook {
  const body = JSON.stringify(resource);
  const signature = createHmac('sha1', key).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-salesloft-event': event,
    'x-salesloft-signature': signature,
  };
  return { headers, body, isGenuine: key === secret };
}

const connection = connectionOf('salesloft', {
  ...{ baseUrl, lookback: '10m', media: false },
  webhook: { secrets: [{ secret: 'hook' }] },
});

/** More than a message holds. */
const long = 'x'.repeat(130 * 1024);

/** A delivery that is doubled, one whose body goes to the bucket, and a poll that finds both conversations there. */
export function salesloftHooks(): CrashWorld {
  const invented = invent(2, () => ({}));
  const { ids } = invented;
  const [first, second] = ids;
  const created = hookOf('conversation_created', { id: first });
  return {
    ...{ ...invented, connection, broken: 0, before: [] },
    passedBy: ({ watermark }) => (watermark >= start ? ids : []),
    hooks: {
      secret,
      sent: [created, created, hookOf('conversation_created', { id: second, title: long })],
      genuine: 2,
    },
    run: ['hooks', 'deliver', 'poll', 'deliver'],
    events: { transcripts: 2, media: 0, overdue: 0 },
    calls: [...pollCalls, 'SendMessageBatchCommand', 'PutObjectCommand', 'GetObjectCommand', 'DeleteObjectCommand'],
  };
}

/** A delivery about a conversation that the provider does not have any more, and a forged one about one that it has. */
export function salesloftGone(): CrashWorld {
  const invented = invent(1, () => ({}));
  const [there] = invented.ids;
  const gone = '00000000-0000-4000-8000-000000000000';
  const forged = hookOf('conversation_created', { id: there }, 'another-secret');
  return {
    ...{ ...invented, ids: [gone], connection, broken: 1, before: [] },
    passedBy: () => [],
    hooks: { secret, sent: [forged, hookOf('conversation_created', { id: gone })], genuine: 1 },
    run: ['hooks', 'deliver'],
    events: { transcripts: 0, media: 0, overdue: 0 },
    calls: ['SendMessageBatchCommand', 'PutObjectCommand', 'PutItemCommand'],
  };
}

/** Every record is built anew by a later release, from what its provider said. */
export const salesloftReprocess = (): CrashWorld => ({
  ...salesloftReplay(),
  run: ['reprocess', 'deliver'],
  calls: ['GetObjectCommand', 'PutItemCommand', 'PutEventsCommand'],
});

/** Everything is told once more. */
export function salesloftReplay(): CrashWorld {
  const invented = invent(2, () => ({}));
  return {
    ...{ ...invented, connection, broken: 0, before: ['poll', 'deliver'] },
    passedBy: () => invented.ids,
    run: ['replay', 'deliver'],
    events: { transcripts: 2, media: 0, overdue: 0 },
    calls: [
      'PutItemCommand',
      'SendMessageBatchCommand',
      'ListObjectsV2Command',
      'GetObjectCommand',
      'PutEventsCommand',
    ],
  };
}
