import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { conversationUuid } from '#shared/domain/identity.ts';
import {
  isFull,
  isWholeIn,
  namesIn,
  ownPackName,
  packNameOf,
  readRawLine,
  withPack,
  writeRawLine,
} from '#shared/domain/raw-answer.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { listPacksBefore, type PackObject, putPack, readPack, removeFromPacks } from '#shared/storage/raw-packs.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const day = 86_400_000;
const uuidOf = (externalId: string): string => conversationUuid(`support:${externalId}`);
const line = (externalId: string, sentAt = epoch, listed: unknown = { id: externalId }): string =>
  writeRawLine({ uuid: uuidOf(externalId), externalId, stream: 'calls', mapper: 1, sentAt, listed, detail: null });
const nameOf = (key: string, at = epoch): string => packNameOf({ key: [key], at }, 0, at);
const linesIn = (name: string) => readPack(opened.store, 'support', name);

async function list(before: string): Promise<PackObject[]> {
  const found: PackObject[] = [];
  for await (const pack of listPacksBefore(opened.store, 'list', before)) found.push(pack);
  return found;
}

async function store(externalId: string, packs: string): Promise<void> {
  expect(await putVersion(opened.store, recordOf(externalId), 0, { packs })).toBe(true);
}

it('keeps lines by the day of their work, compressed, and lists the packs of a connection before a day', async () => {
  const [older, younger] = [nameOf('a', epoch - 3 * day), nameOf('a')];
  await putPack(opened.store, 'list', younger, [line('1')]);
  await putPack(opened.store, 'list', older, [line('1'), line('2')]);
  await putPack(opened.store, 'listed', older, [line('1')]);
  const packs = async (before: string) => (await list(before)).map((pack) => pack.day);
  expect(await packs('2026-10-30')).toEqual([]);
  expect(await packs('2026-11-02')).toEqual(['2026-10-30']);
  expect(await packs('2026-11-03')).toEqual(['2026-10-30', '2026-11-02']);
  expect(await readPack(opened.store, 'list', older)).toEqual([line('1'), line('2')]);
  expect(await readPack(opened.store, 'list', nameOf('b'))).toBeNull();
  const [pack] = await list('2026-11-02');
  const { Body: body } = await opened.store.objects.send(
    new GetObjectCommand({ Bucket: opened.store.bucket, Key: pack?.key }),
  );
  expect(Buffer.from((await body?.transformToByteArray()) ?? []).readUInt32LE(0)).toBe(0xfd2fb528);
});

it('reads back what an answer said, whoever mapped it', () => {
  const hostile = { 'a\ud800': '\u2028', ['__proto__']: 1, list: [null, 1e300, 'ß"\n'] };
  const answer = { uuid: uuidOf('x'), externalId: 'x\n', stream: 's', sentAt: 5, listed: hostile, detail: { t: null } };
  for (const mapper of [0, 1, 99]) {
    const text = writeRawLine({ ...answer, mapper });
    expect(text).not.toContain('\n');
    expect(readRawLine(text)).toEqual({ ...answer, mapper });
  }
  expect(() => readRawLine('{"uuid":"1"}')).toThrow();
});

it('adds to the pack of the same work, and drops of it what came to nothing', async () => {
  const name = nameOf('again');
  await putPack(opened.store, 'support', name, [line('stored'), line('stopped'), line('elsewhere')]);
  await store('stored', name);
  await store('elsewhere', nameOf('other'));
  await putPack(opened.store, 'support', name, [line('stopped', epoch + 1)]);
  expect(await linesIn(name)).toEqual([line('stored'), line('stopped', epoch + 1)]);
});

it('keeps the newest of a pack that has grown too long', async () => {
  const name = nameOf('own');
  await store('own', name);
  for (let at = 1; at <= 4; at++) await putPack(opened.store, 'support', name, [line('own', at)], 3);
  expect(await linesIn(name)).toEqual([2, 3, 4].map((at) => line('own', at)));
});

it('loses no line to another writer of the same pack', async () => {
  const name = nameOf('race');
  const ids = ['r1', 'r2', 'r3', 'r4'];
  for (const id of ids) await store(id, name);
  await Promise.all(ids.map((id) => putPack(opened.another(), 'support', name, [line(id)])));
  expect((await linesIn(name))?.toSorted()).toEqual(ids.map((id) => line(id)).toSorted());
});

it('rewrites packs without the answers of a conversation, again at no harm', async () => {
  const names = [nameOf('e1'), nameOf('e2'), nameOf('gone')];
  const [first = '', second = ''] = names;
  await putPack(opened.store, 'support', first, [line('kept'), line('erased'), line('erased', epoch + 1)]);
  await putPack(opened.store, 'support', second, [line('erased')]);
  expect(await removeFromPacks(opened.store, 'support', names, [uuidOf('erased'), uuidOf('none')])).toBe(3);
  expect(await removeFromPacks(opened.store, 'support', names, [uuidOf('erased')])).toBe(0);
  expect(await linesIn(first)).toEqual([line('kept')]);
  expect(await linesIn(second)).toEqual([]);
  const { Contents: found = [] } = await opened.store.objects.send(
    new ListObjectsV2Command({ Bucket: opened.store.bucket, Prefix: 'raw/support/' }),
  );
  expect(found.some(({ Key: key }) => key?.includes('erased'))).toBe(false);
});

it('names the pack of a work after its own day, unless it was left lying', () => {
  const name = packNameOf({ key: ['live', 1, null], at: epoch }, 0, epoch);
  expect(packNameOf({ key: ['live', 1, null], at: epoch }, 0, epoch + day - 1)).toBe(name);
  expect(packNameOf({ key: ['live', 1, null], at: epoch }, 1, epoch)).not.toBe(name);
  expect(packNameOf({ key: ['live', 1, 'x'], at: epoch }, 0, epoch)).not.toBe(name);
  expect(packNameOf({ key: ['live', 1, null], at: epoch }, 0, epoch + 9 * day)).toBe(
    packNameOf({ key: ['live', 1, null], at: epoch + 8 * day }, 0, epoch),
  );
});

it('lists the packs of a conversation, each once, and says whether they are all', () => {
  const [a, b] = [nameOf('a'), nameOf('b')];
  expect([withPack(null, a), withPack(a, a), withPack(a, undefined), withPack(null, undefined)]).toEqual([a, a, a, '']);
  expect(namesIn(withPack(a, b))).toEqual([a, b]);
  expect([a, withPack(a, b)].map(isWholeIn)).toEqual([true, true]);
  const late = withPack(withPack('', a), b);
  expect([namesIn(late), isWholeIn(late), isWholeIn('')]).toEqual([[a, b], false, false]);
});

it('gives a conversation of many packs one of its own, and only one', () => {
  const uuid = uuidOf('busy');
  let packs = '';
  for (let n = 0; n < 200; n++) {
    const at = epoch + n * day;
    const work = { key: [n], at };
    packs = withPack(
      n === 0 ? null : packs,
      isFull(packs) ? ownPackName(packs, uuid, work, at) : packNameOf(work, 0, at),
    );
  }
  expect(namesIn(packs)).toHaveLength(33);
  expect(packs.length).toBeLessThan(512);
});
