import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { erasureRunner } from '#functions/operate/erasure.ts';
import { type RunEnd, runOperation } from '#functions/operate/run-operation.ts';
import { identify } from '#shared/domain/identity.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { nothingErased, redacted } from '#shared/domain/operation-erasure.ts';
import { getItem, getKnown } from '#shared/storage/conversations.ts';
import { getPlan, putPlan } from '#shared/storage/erasure-plan.ts';
import { uuidsOfParticipant } from '#shared/storage/find-participant.ts';
import { holdConversation } from '#shared/storage/holds.ts';
import { getOperation, putOperation } from '#shared/storage/operations.ts';
import { awaiting, epoch } from '#test/support/records.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { type ErasingWorld, openErasingWorld, phone, traces } from './erasing-world.ts';

let world: ErasingWorld;
let clock: VirtualClock;
beforeEach(async () => {
  world = await openErasingWorld();
  clock = virtualClock(epoch + 86_400_000);
});
afterEach(() => world.opened.close());

const job = { kind: 'erasures', id: 'op-1' } as const;

function writePlan(participant: string | null): Promise<void> {
  const connections = [{ id: 'support', provider: 'talkdesk' as const }];
  const conversations = [world.gone];
  const plan = { participant, connections, conversations, earlier: nothingErased, counted: null };
  return putPlan(world.opened.store, job.id, plan);
}

async function ask(participant: string | null): Promise<void> {
  const { store } = world.opened;
  await writePlan(participant);
  const named = participant === null ? { conversations: [world.gone] } : { participant: redacted };
  const request = { ...named, dryRun: false };
  await putOperation(store, newOperation('erasures', job.id, request, clock.now()));
}

let runs = 0;
/** One run; publish sees the tombstones when the run first waits for it. */
async function run(meanwhile = world.publishErased): Promise<RunEnd> {
  const { store } = world.opened;
  const sleep = async (ms: number): Promise<void> => {
    await meanwhile();
    await clock.sleep(ms);
  };
  const dead = { objects: store.objects, bucket: world.dead.bucket };
  const erasures = erasureRunner({
    store,
    clock: { ...clock, sleep },
    deadLetters: dead,
    inboxes: [],
    waitSeconds: 1,
    writingOf: () => ({ slowPutMs: 5_000, expectation: awaiting() }),
  });
  const context = { store, runners: { erasures }, now: clock.now, isTimeUp: () => false, holder: `run-${++runs}` };
  return runOperation(context, job);
}

const tracesIn = async (): Promise<string[]> =>
  [...(await world.texts())].flatMap(([name, text]) =>
    traces.filter((trace) => text.includes(trace) || name.includes(trace)).map((trace) => `${trace} in ${name}`),
  );
/** Names of what is left that belongs to the conversation. */
const leftOf = async (uuid: string): Promise<string[]> =>
  [...(await world.texts()).keys()].filter((name) => name.includes(uuid));

describe('an erasure of a person', () => {
  it('leaves a tombstone, the last event and a receipt, and nothing of the person anywhere', async () => {
    expect((await tracesIn()).length).toBeGreaterThan(8);
    const bobs = [...(await world.texts())].filter(([name, text]) => /bob/i.test(text) && name.includes(world.stays));
    await ask(phone);
    expect(await run()).toBe('done');
    expect(await tracesIn()).toEqual([]);
    expect(await leftOf(world.gone)).toEqual([`${world.gone} conversation`]);
    expect(await getItem(world.opened.store, world.gone)).not.toHaveProperty('lf');
    const texts = await world.texts();
    for (const [name, text] of bobs) expect(texts.get(name), name).toBe(text);
    expect([...texts].filter(([, text]) => text.includes('+441632960999')).length).toBeGreaterThan(3);
    const logged = [...texts].filter(([name]) => name.includes('/events/')).flatMap(([, text]) => text.split('\n'));
    const ofGone = logged.filter((line) => line.includes(world.gone)).map((line) => JSON.parse(line).type);
    expect(ofGone).toEqual(['earshot.conversation.erased.v1']);
    expect(await getPlan(world.opened.store, job.id)).toMatchObject({ participant: null, conversations: [] });
  });

  it('tells in its receipt how much of each kind went, and until when backups hold it', async () => {
    await ask(phone);
    await run();
    const { state, result, progress, request } = (await getOperation(world.opened.store, job)) ?? {};
    expect([state, request, progress]).toEqual([
      'done',
      { participant: redacted, dryRun: false },
      { done: 1, total: 1 },
    ]);
    expect(result).toEqual({
      ...{ count: 1, held: [] },
      erased: {
        ...{ conversations: 1, versions: 2, transcripts: 1, media: 0, quarantined: 3, events: 3 },
        ...{ rawAnswers: 2, indexRows: 3, deadLetters: 1 },
      },
      remainder: { what: 'pointInTimeBackups', endsAt: expect.stringMatching(/^2026-12-08T/) },
    });
  });

  it('keeps records of the person from being quarantined again, and leaves those of others alone', async () => {
    await ask(phone);
    await run();
    const seen = async (id: string) => getKnown(world.opened.store, identify('talkdesk', 'support', id).uuid);
    expect(await seen('ada-2')).toMatchObject({ end: 'erased', version: 1 });
    expect(await seen('bob-2')).toBeNull();
    expect([...(await world.texts()).keys()].filter((name) => name.includes('quarantine#'))).toHaveLength(1);
  });
});

it('takes the conversation also from what publish fails for good meanwhile', async () => {
  await ask(phone);
  const meanwhile = async (): Promise<void> => {
    await world.fail('two');
    await world.publishErased();
  };
  expect(await run(meanwhile)).toBe('done');
  expect(await tracesIn()).toEqual([]);
  expect((await getOperation(world.opened.store, job))?.result).toMatchObject({ erased: { deadLetters: 2 } });
});

it('an erasure of named conversations leaves what else mentions the person', async () => {
  await ask(null);
  expect(await run()).toBe('done');
  const left = await tracesIn();
  expect(left.length).toBeGreaterThan(0);
  expect(left.every((trace) => trace.includes('quarantine/support/'))).toBe(true);
});

it('a hold that came in between leaves the conversation untouched, and is told', async () => {
  const before = await world.texts();
  await ask(phone);
  await holdConversation(world.opened.store, world.gone, '2026-11-03T00:00:00.000Z');
  expect(await run()).toBe('failed');
  const { state, error, result } = (await getOperation(world.opened.store, job)) ?? {};
  expect([state, error]).toMatchObject(['failed', { code: 'OnHold' }]);
  expect(result).toMatchObject({ count: 0, held: ['support:ada-1'], erased: { conversations: 0, quarantined: 2 } });
  const kept = [...before].filter(([name]) => name.includes(world.gone) && !name.endsWith(' conversation'));
  const after = await world.texts();
  for (const [name, text] of kept) expect(after.get(name), name).toBe(text);
  expect(await uuidsOfParticipant(world.opened.store, ['support'], phone, 9)).toEqual([world.gone]);
});

it('an erasure waits for its plan, which is written behind it', async () => {
  await putOperation(world.opened.store, newOperation('erasures', job.id, { dryRun: false }, clock.now()));
  const meanwhile = [() => writePlan(phone), world.publishErased];
  expect(await run(async () => meanwhile.shift()?.())).toBe('done');
  expect(await tracesIn()).toEqual([]);
});

it('an erasure whose plan is gone, or never came, fails and says to ask again', async () => {
  await putOperation(world.opened.store, newOperation('erasures', job.id, { dryRun: false }, clock.now()));
  expect(await run(async () => undefined)).toBe('failed');
  expect((await getOperation(world.opened.store, job))?.error?.code).toBe('ConfigInvalid');
});
