import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ArtifactState } from '#shared/domain/artifact.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';
import {
  fileOf,
  generationOf,
  mediaObject,
  mediaOf,
  needsCopy,
  withMedia,
  withoutMedia,
} from '#shared/domain/media-copy.ts';
import { epoch, recordOf } from '#test/support/records.ts';

const keys = ['b', 'a', 'c'];
const recordWith = (revision: string | null): StoredRecord =>
  recordOf('c1', { files: keys.map((key) => ({ key, kind: 'recording', contentType: null, bytes: null, revision })) });

const stored = (key: string, generation = 1): StoredMedia => ({
  ...{ key, kind: 'recording', contentType: 'audio/wav', bytes: 1, sha512: 'x' },
  object: mediaObject('uuid', key, generation),
});

function withState(record: StoredRecord, state: ArtifactState): StoredRecord {
  const { conversation } = record;
  const artifacts = { ...conversation.artifacts, 'media:a': { state, at: conversation.updatedAt } };
  return { ...record, conversation: { ...conversation, artifacts } };
}

function isWanting({ conversation }: StoredRecord): boolean {
  const file = fileOf(conversation, 'a');
  return file !== null && needsCopy(conversation, file);
}

it.each([
  ['pending', true],
  ['overdue', true],
  ['absent', false],
  ['expired', false],
  ['failed', false],
] as const)('a file that is %s needs a copy: %s', (state, needs) => {
  expect(isWanting(withState(recordWith('r1'), state))).toBe(needs);
});

it('a file that is ready needs a copy only where its revision has moved', () => {
  const copied = withMedia(recordWith('r1'), { media: stored('a'), revision: 'r1' }, epoch);
  expect(isWanting(copied)).toBe(false);
  expect(isWanting(withMedia(copied, { media: stored('a'), revision: 'r0' }, epoch))).toBe(true);
  expect(isWanting(withMedia(recordWith(null), { media: stored('a'), revision: null }, epoch))).toBe(false);
});

it('bytes stand in the record once a file, in the order of keys, with when they came first', () => {
  let record = recordWith('r1');
  for (const key of ['c', 'a', 'b', 'a']) {
    record = withMedia(record, { media: stored(key), revision: 'r1' }, epoch + 1_000);
  }
  record = withMedia(record, { media: stored('a', 2), revision: 'r2' }, epoch + 2_000);
  const { media, artifacts, files } = record.conversation;
  expect(media.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(generationOf(mediaOf(record.conversation, 'a'))).toBe(2);
  expect(artifacts['media:a']).toEqual({ state: 'ready', at: new Date(epoch + 1_000).toISOString() });
  expect(files.map(({ copiedRevision }) => copiedRevision)).toEqual(['r2', 'r1', 'r1']);
});

it('there being none never undoes what is settled', () => {
  const finding = { state: 'expired', reason: 'gone', from: 'nowhere' } as const;
  for (const state of ['ready', 'absent', 'failed'] as const) {
    const record = withState(recordWith('r1'), state);
    expect(withoutMedia(record, 'a', finding, epoch)).toEqual(record);
  }
  const { artifacts } = withoutMedia(recordWith('r1'), 'a', finding, epoch).conversation;
  expect(artifacts['media:a']).toEqual({ state: 'expired', reason: 'gone', at: new Date(epoch).toISOString() });
});

it("an object's name holds none of the provider's text, and tells its copy", () => {
  void fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 1e6 }), (key, generation) => {
      const object = mediaObject('0164705c-c206-5ce9-961a-9899855326a0', key, generation);
      expect(object).toMatch(/^media\/[0-9a-f-]{36}\/[0-9a-f]{32}\/\d+$/);
      expect(generationOf({ object })).toBe(generation);
    }),
  );
  expect(generationOf(null)).toBe(0);
});
