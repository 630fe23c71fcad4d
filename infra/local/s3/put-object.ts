import { checkWrite } from './conditions.ts';
import { receiveFile } from './receive-body.ts';
import type { S3Operation } from './s3-operation.ts';
import { storedHeaders } from './stored-headers.ts';

export const putObject: S3Operation = async (request, { store, now }) => {
  const { bucket, key } = request;
  store.requireBucket(bucket);
  const headers = storedHeaders(request);
  checkWrite(request.headers, store.find(bucket, key)); // again at the commit: this one only spares the upload
  const name = store.files.newName();
  try {
    const { bytes, etag, checksums } = await receiveFile(request, store.files.path(name));
    const info = { etag, size: bytes, modified: now(), headers, checksums, files: [{ name, bytes }] };
    store.put(bucket, key, info, (current) => checkWrite(request.headers, current));
    return { status: 200, headers: { etag: `"${etag}"`, ...checksums } };
  } catch (error) {
    store.files.discard([{ name }]);
    throw error;
  }
};
