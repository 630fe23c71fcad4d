import { hash } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import { mediaObject } from '#shared/domain/media-copy.ts';
import { type Copying, openCopying, part } from './copying.ts';

let copying: Copying;
afterEach(() => copying.opened.close());

it.each([0, 1, part - 1, part, part + 1, 2 * part + 3])('brings %d bytes over once, as they are', async (length) => {
  copying = await openCopying();
  const { server, job, opened } = copying;
  const bytes = Buffer.from(madeBytes('whole', length).slice(0, length));
  server.file = { bytes, contentType: 'audio/wav', etag: '"one"' };

  expect(await copying.copy()).toEqual({ end: 'ready', bytes: length });

  const { media, artifacts, files, version } = await copying.conversation();
  const object = mediaObject(job.uuid, job.key, 1);
  const entry = { key: 'rec/1', kind: 'recording', contentType: 'audio/wav', bytes: length };
  expect(media).toEqual([{ ...entry, sha512: hash('sha512', bytes), object }]);
  expect([artifacts['media:rec/1']?.state, files[0]?.copiedRevision, version]).toEqual(['ready', 'r1', 2]);
  const objects = await copying.objects();
  expect([...objects.keys()]).toEqual([object]);
  expect(objects.get(object)?.equals(bytes)).toBe(true);
  expect([server.served, server.asked.length, await copying.uploads()]).toEqual([length, 1, 0]);
  const head = await opened.store.objects.send(new HeadObjectCommand({ Bucket: opened.store.bucket, Key: object }));
  expect(head.ContentType).toBe('audio/wav');
});

it.each([
  ['image/svg+xml', 'image/svg+xml', 'application/octet-stream'],
  ['Application/JSON; charset=utf-8', 'application/json', 'application/json'],
  ['<script>', 'application/octet-stream', 'application/octet-stream'],
])('stores %s as %s and its object as %s', async (said, type, objectType) => {
  copying = await openCopying({ kind: 'attachment', contentType: null });
  const { server, opened } = copying;
  server.file = { bytes: Buffer.alloc(part + 1), contentType: said, etag: '"one"' };
  await copying.copy();
  const [entry] = (await copying.conversation()).media;
  expect(entry?.contentType).toBe(type);
  const name = { Bucket: opened.store.bucket, Key: entry?.object };
  expect((await opened.store.objects.send(new HeadObjectCommand(name))).ContentType).toBe(objectType);
});
