import { decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '#functions/lookup/access/access-token.ts';
import { openKeyRing } from '#functions/lookup/access/key-ring.ts';
import { deriveKeys } from '#functions/lookup/access/keys.ts';
import { verifiedTokens } from '#functions/lookup/access/verified-tokens.ts';
import { epoch } from '#test/support/records.ts';
import { secretsManager } from './access-secrets.ts';
import { connectionsFile, lookupOver, settleMs, type TestLookup } from './lookup-harness.ts';
import { put, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const name = 'test/signing';
const minuteMs = 60_000;
const clock = { now: epoch };
let manager: ReturnType<typeof secretsManager>;

beforeEach(() => {
  clock.now = epoch;
  manager = secretsManager({
    [name]: { current: 'first' },
    'test/crm': { current: 'c' },
    'test/all': { current: 'a' },
  });
});

/** One more instance of the function, with memory of its own. */
const instance = (): TestLookup =>
  lookupOver(store, clock, connectionsFile, settleMs, { secrets: manager.open(() => clock.now) });

const statusOf = async (lookup: TestLookup, token: string): Promise<number> =>
  (await lookup.get('/v1/conversations?limit=1', token)).status;

describe('rotating keys', () => {
  test('a token names its key, holds over one rotation, and is refused after two', async () => {
    const lookup = instance();
    const token = await lookup.token('reader');
    expect(decodeProtectedHeader(token).kid).toBe(deriveKeys('first').id);
    manager.rotate(name, 'second');
    clock.now += 5 * minuteMs;
    expect(await statusOf(lookup, token)).toBe(200);
    expect(decodeProtectedHeader(await lookup.token('reader')).kid).toBe(deriveKeys('second').id);
    manager.rotate(name, 'third');
    clock.now += 5 * minuteMs - 1;
    expect(await statusOf(lookup, token)).toBe(200);
    clock.now += 1;
    expect(await statusOf(lookup, token)).toBe(401);
  });

  test('a key that another instance saw first is looked for at once, for whoever asks meanwhile too', async () => {
    const [behind, ahead] = [instance(), instance()];
    const old = await behind.token('reader');
    manager.rotate(name, 'second');
    const token = await ahead.token('reader');
    expect(await Promise.all([statusOf(behind, token), statusOf(behind, token), statusOf(behind, old)])).toEqual([
      200, 200, 200,
    ]);
  });

  test('forged key ids make an instance ask once in 30 s at most', async () => {
    const lookup = instance();
    await lookup.token('reader');
    const before = manager.asked();
    const forge = (i: number) => signToken(deriveKeys(`forged ${i}`), 'reader', ['conversations:read'], clock.now);
    for (let i = 0; i < 60; i++) {
      clock.now += 1_000;
      expect(await statusOf(lookup, await forge(i))).toBe(401);
    }
    // Each reading asks for the current and the previous value; one more is for the static token.
    expect(manager.asked() - before).toBe(2 * 2 + 1);
  });

  test('a signature of another key under a known id is refused', async () => {
    const lookup = instance();
    await lookup.token('reader');
    const mixed = { ...deriveKeys('forged'), id: deriveKeys('first').id };
    expect(await statusOf(lookup, await signToken(mixed, 'reader', ['conversations:read'], clock.now))).toBe(401);
  });

  test('a cursor opens over one rotation, also where an instance has not seen it, and not over two', async () => {
    for (const id of ['1', '2']) await put('support', id);
    const [behind, ahead] = [instance(), instance()];
    const token = await behind.token('reader');
    const pageBehind = async (lookup: TestLookup, cursor: string) =>
      (await lookup.get(`/v1/conversations?limit=1&cursor=${cursor}`, token)).status;
    const cursorOf = async (lookup: TestLookup) =>
      (await lookup.get('/v1/conversations?limit=1', token)).json().nextCursor ?? '';
    const first = await cursorOf(behind);
    manager.rotate(name, 'second');
    expect(await pageBehind(ahead, first)).toBe(200);
    expect(await pageBehind(behind, await cursorOf(ahead))).toBe(200);
    manager.rotate(name, 'third');
    clock.now += 5 * minuteMs;
    const fresh = await ahead.token('reader');
    const answer = await ahead.get(`/v1/conversations?limit=1&cursor=${first}`, fresh);
    expect(answer.json().fields).toEqual([expect.objectContaining({ name: 'cursor' })]);
  });
});

describe('what is remembered of tokens', () => {
  const key = deriveKeys('first');
  const sign = (client: string) => signToken(key, client, ['conversations:read'], epoch);

  test('is what they say, for as long as they live and their key holds; the oldest gives way', async () => {
    let held = [key];
    const now = { at: epoch };
    const read = verifiedTokens(
      async () => ({ current: key, all: held }),
      () => now.at,
    );
    const token = await sign('one');
    expect(await read(token)).toMatchObject({ clientId: 'one' });
    // Under a key that did not sign it, only memory can know it.
    held = [{ ...deriveKeys('other'), id: key.id }];
    expect(await read(token)).toMatchObject({ clientId: 'one' });
    now.at = epoch + 7_200_000;
    expect(await read(token)).toBeNull();
    now.at = epoch;
    held = [];
    expect(await read(token)).toBeNull();
    held = [key];
    for (let i = 0; i < 1_000; i++) await read(await sign(`many-${i}`));
    held = [{ ...deriveKeys('other'), id: key.id }];
    expect(await read(token)).toBeNull();
    expect(await read(await sign('many-999'))).toMatchObject({ clientId: 'many-999' });
  });
});

test('a ring survives a failing look for an unknown key, and is not older than five minutes', async () => {
  const now = { at: epoch };
  let failing = false;
  const keys = openKeyRing(
    {
      read: async (_, { stage } = {}) => {
        if (failing) throw new Error('down');
        return stage === 'previous' ? 'before' : 'first';
      },
    },
    name,
    () => now.at,
  );
  expect((await keys()).all.map(({ id }) => id)).toEqual([deriveKeys('first').id, deriveKeys('before').id]);
  failing = true;
  await expect(keys('unknown')).rejects.toThrow('down');
  now.at += 5 * minuteMs - 1;
  expect((await keys()).current.id).toBe(deriveKeys('first').id);
  now.at += 1;
  await expect(keys()).rejects.toThrow('down');
});
