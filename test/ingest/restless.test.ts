import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '#shared/domain/identity.ts';
import { pollStream } from '#shared/ingest/poll-stream.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listHeld } from '#shared/storage/held.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import { putRestless } from '#test/support/restless-record.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

/** A record with 21 versions of the last minutes, whose title has changed once more. */

let polling: Polling;
let runs = 0;
let id: string;
let told: string[];
let listed: ToyRecord;
beforeAll(async () => {
  polling = await openPolling();
});
afterAll(() => polling.opened.close());
beforeEach(begin);

const uuidOf = (): string => identify('talkdesk', id, 'r1').uuid;

async function begin(): Promise<void> {
  id = `restless-${++runs}`;
  told = [];
  polling.clock = epoch;
  listed = record(1);
  await putRestless(polling.opened.store, toy(), listed);
}

const toy = (): Toy => polling.toy({ records: () => [listed], connection: { id } });
const poll = (store: Store = polling.opened.store) => {
  const provider = toy();
  return pollStream({
    ...{ ...provider, openSession: provider.session, store, now: () => polling.clock },
    ...{ deadline: polling.clock + 10 * minute, slowPutMs: 5_000, requestCopies: async () => undefined },
    onRestless: (uuid) => told.push(uuid),
  });
};
const stored = async () => {
  const found = await getRecord(polling.opened.store, uuidOf());
  return [found?.record.conversation.version, found?.record.conversation.title];
};
const held = () => listHeld(polling.opened.store, id);
const pass = (minutes: number): void => {
  polling.clock += minutes * minute;
};

/** A poll in which the provider lists it, with this title. */
async function seen(title: string): Promise<void> {
  listed = { ...listed, at: polling.clock - 1_000, title };
  await poll();
}

/** Polls so many minutes behind each other, in which it is not listed: the list goes by its start. */
async function unseen(...minutes: number[]): Promise<void> {
  for (const each of minutes) {
    pass(each);
    await poll();
  }
}

describe('a record that changes for ever', () => {
  it('has its newest state when the hour is over, though its provider lists it no more', async () => {
    expect(await poll()).toMatchObject({ stopped: 'done', counts: { unchanged: 1, updated: 0 } });
    expect(await stored()).toEqual([21, 'old 21']);
    expect(await held()).toEqual([{ uuid: uuidOf(), due: epoch - minute + 60 * minute }]);
    expect(told).toEqual([uuidOf()]);
    // What came to no version is kept in no pack.
    expect((await getRecord(polling.opened.store, uuidOf()))?.packs).toBe('');
    listed = { ...listed, title: 'newest' };
    pass(58);
    await poll();
    expect(await stored()).toEqual([21, 'old 21']);
    pass(12);
    expect(await poll()).toMatchObject({ due: 1 });
    expect(await stored()).toEqual([22, 'newest']);
    expect(await held()).toEqual([]);
    // And the next hour.
    await seen('newer');
    await unseen(3, 75);
    expect(await stored()).toEqual([23, 'newer']);
  });

  it('is not let go by an asking that came too early for what changed since', async () => {
    await poll();
    await unseen(55);
    pass(4.5);
    await seen('after the hour');
    expect(await stored()).toEqual([22, 'after the hour']);
    pass(0.4);
    await seen('and again');
    await unseen(5);
    expect(await stored()).toEqual([22, 'after the hour']);
    expect(await held()).toHaveLength(1);
    await unseen(66);
    expect(await stored()).toEqual([23, 'and again']);
  });

  it('is told of once a day, however often it is held', async () => {
    for (let n = 0; n < 12; n++) {
      pass(15);
      await seen(`title ${n}`);
    }
    const [version] = await stored();
    // Three hours, one an hour.
    expect(version).toBeGreaterThanOrEqual(21 + 2);
    expect(version).toBeLessThanOrEqual(21 + 4);
    expect(told).toEqual([uuidOf()]);
    pass(22 * 60);
    for (let n = 0; n < 24; n++) {
      pass(1);
      await seen(`tomorrow ${n}`);
    }
    expect(told).toEqual([uuidOf(), uuidOf()]);
  });
});

describe('a run that is stopped', () => {
  /** A store that is cut off behind the effect of its n-th write: a stop between two reads is a stop behind the last write. */
  function cutOff(most: number): Store & { writes: () => number } {
    const { store } = polling.opened;
    let writes = 0;
    const send = async (command: object): Promise<unknown> => {
      if (writes >= most) throw new Error('cut off');
      const answer = await store.documents.send(command as never);
      if (/^(Put|Update|Delete)/.test(command.constructor.name)) writes += 1;
      if (writes >= most) throw new Error('cut off');
      return answer;
    };
    const documents = new Proxy(store.documents, {
      get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
    });
    return { ...store, documents, writes: () => writes };
  }

  /** Cuts a run off behind each of its writes in turn, each time over a record of its own. */
  async function atEachWrite(prepare: () => Promise<unknown>): Promise<void> {
    await prepare();
    const whole = cutOff(Number.POSITIVE_INFINITY);
    await poll(whole);
    expect(whole.writes()).toBeGreaterThan(3);
    for (let write = 1; write <= whole.writes(); write++) {
      await begin();
      await prepare();
      await poll(cutOff(write)).catch(() => undefined);
      await unseen(0.5, 3, 75);
      expect(await stored()).toEqual([22, 'title 1']);
      expect(await held()).toEqual([]);
    }
  }

  it('while it holds back loses nothing', () => atEachWrite(async () => undefined));

  it('while it brings what was held loses nothing', () =>
    atEachWrite(async () => {
      await poll();
      await unseen(3);
      pass(75);
    }));
});
