import { hash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { piecesOf } from '#infra/local/fakes/byte-source.ts';
import { closeAfter, resetAfter } from '#infra/local/fakes/faults/answer-faults.ts';
import { type FaultPlan, when } from '#infra/local/fakes/faults/fault.ts';
import { between, seededRandom } from '#infra/local/fakes/random.ts';
import { serveFake } from '#infra/local/fakes/serve.ts';
import { mediaOf } from '#shared/domain/media-copy.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { testStore } from '#test/support/store.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { storeConversation } from './media-conversation.ts';
import { benchFile, copyFile } from './media-copy.ts';
import { benchBytes, benchHref, mediaProvider } from './media-provider.ts';
import type { Row } from './row.ts';

const length = 64 * 1024 ** 2;
const breaks = 10;

/** So late that the table's real clock lets nothing expire. */
const start = Date.parse('2100-01-01T00:00:00Z');

/** What of a file came over the network, over its length. */
export async function mediaFetched(): Promise<Row[]> {
  const opened = await testStore();
  try {
    const clean = await fetched(opened.store, 'clean', []);
    const broken = await fetched(opened.store, 'broken', breakingPlan());
    if (broken.breaks !== breaks) throw new Error(`${broken.breaks} of ${breaks} connections broke`);
    const floor = `its length, ${length / 1024 ** 2} MB`;
    return [
      rowOf({ what: 'bytes fetched for a copy of a recording', floor, target: 1 }, clean),
      rowOf({ what: `the same over ${breaks} broken connections`, floor, target: 1.1, aim: 1.02 }, broken),
    ];
  } finally {
    await opened.close();
  }
}

/** What was received (bytes of bodies), what the provider sent for it, and over how many requests and broken ones. */
type Fetched = { received: number; sent: number; requests: number; breaks: number };

const rowOf = (row: Pick<Row, 'what' | 'floor' | 'target' | 'aim'>, facts: Fetched): Row => ({
  ...row,
  value: facts.received / length,
  unit: 'ratio',
  facts,
});

/** Breaks at places of the file that chance picks, in turn in good order and by a reset, which loses what is on its way. */
function breakingPlan(): FaultPlan {
  const random = seededRandom('broken connections');
  const places = Array.from({ length: breaks }, () => between(random, 1, length - 1)).sort((a, b) => a - b);
  return places.map((place, i) => {
    const afterBytes = place - (places[i - 1] ?? 0);
    return { match: when({ nth: i + 1 }), fault: i % 2 === 0 ? closeAfter(afterBytes) : resetAfter(afterBytes) };
  });
}

async function fetched(store: Store, name: string, plan: FaultPlan): Promise<Fetched> {
  const provider = mediaProvider(plan);
  const { origin, close } = await serveFake(provider);
  const uuid = await storeConversation(store, name);
  let received = 0;
  // Nothing but the provider is asked through undici here.
  const count = (message: unknown): void => {
    // What undici publishes on this channel.
    received += (message as { chunk: Uint8Array }).chunk.length;
  };
  subscribe('undici:request:bodyChunkReceived', count);
  try {
    await copyFile({ store, uuid, href: benchHref(origin, length), clock: virtualClock(start) });
  } finally {
    unsubscribe('undici:request:bodyChunkReceived', count);
    await close();
  }
  await checkCopy(store, uuid);
  const { entries } = provider.requests;
  const sent = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    received,
    sent,
    requests: entries.length,
    breaks: entries.filter(({ fault }) => fault !== undefined).length,
  };
}

/** Few bytes are worth nothing if they are not the file's. */
async function checkCopy(store: Store, uuid: string): Promise<void> {
  const found = await getRecord(store, uuid);
  const media = found && mediaOf(found.record.conversation, benchFile.key);
  if (media?.sha512 !== hash('sha512', Buffer.concat([...piecesOf(benchBytes(length))])))
    throw new Error('the copy is not of the same bytes');
}
