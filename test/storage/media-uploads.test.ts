import { CompleteMultipartUploadCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureMedia, putMedia } from '#shared/storage/media-objects.ts';
import {
  abortUpload,
  beginUpload,
  completeUpload,
  leastPartBytes,
  listParts,
  type Part,
  putPart,
} from '#shared/storage/media-uploads.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

it('puts an object once, and tells what one holds', async () => {
  const { store } = opened;
  expect(await putMedia(store, 'media/a', Buffer.from('one'), 'audio/wav')).toBe('stored');
  expect(await putMedia(store, 'media/a', Buffer.from('two'), 'audio/wav')).toBe('refused');
  expect(await measureMedia(store, 'media/a')).toMatchObject({
    bytes: 3,
    sha512: expect.stringMatching(/^[0-9a-f]{128}$/),
  });
  expect(await measureMedia(store, 'media/nowhere')).toBeNull();
});

it('completes an upload once, of the parts that it was told of', async () => {
  const { store } = opened;
  const upload = await beginUpload(store, 'media/b', 'text/html');
  const parts = [
    await putPart(store, upload, 1, Buffer.alloc(leastPartBytes, 1)),
    await putPart(store, upload, 2, Buffer.from('end')),
  ];
  expect(await listParts(store, upload, 2)).toEqual(parts);
  expect(await listParts(store, upload, 1)).toEqual(parts.slice(0, 1));
  expect(await listParts(store, upload, 3)).toBeNull();
  const unchecked = parts.map(({ etag }, i) => ({ ETag: etag, PartNumber: i + 1 }));
  const input = { Bucket: store.bucket, Key: 'media/b', UploadId: upload.id, MultipartUpload: { Parts: unchecked } };
  const bare = store.objects.send(new CompleteMultipartUploadCommand(input));
  await expect(bare).rejects.toMatchObject({ name: 'InvalidRequest' });
  await putPart(store, upload, 2, Buffer.from('put over'));
  expect(await completeUpload(store, upload, parts)).toBe('refused');
  await putPart(store, upload, 2, Buffer.from('end'));
  expect(await completeUpload(store, upload, parts)).toBe('stored');
  const { ContentType } = await store.objects.send(new GetObjectCommand({ Bucket: store.bucket, Key: 'media/b' }));
  expect(ContentType).toBe('application/octet-stream');

  const second = await beginUpload(store, 'media/b', 'audio/wav');
  const again = [await putPart(store, second, 1, Buffer.from('other'))];
  expect(await completeUpload(store, second, again)).toBe('refused');
  for (let n = 0; n < 2; n++) await abortUpload(store, second);
  expect(await listParts(store, second, 1)).toBeNull();
  expect(await completeUpload(store, second, again)).toBe('refused');
});

it('lists parts over as many answers as it takes, without a gap', async () => {
  const { store } = opened;
  const upload = await beginUpload(store, 'media/c', 'audio/wav');
  const parts: Part[] = [];
  for (const place of [1, 2, 3, 4, 5]) parts.push(await putPart(store, upload, place, Buffer.from(`part ${place}`)));
  await putPart(store, upload, 7, Buffer.from('behind a gap'));
  const send = (command: { input: object }): Promise<unknown> => {
    Object.assign(command.input, { MaxParts: 2 });
    return store.objects.send(command as never);
  };
  const short = { ...store, objects: { send } as never };
  expect(await listParts(short, upload, 5)).toEqual(parts);
  expect(await listParts(short, upload, 6)).toBeNull();
});
