import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { AwsError } from '../aws-error.ts';
import { checkRead, checkWrite } from './conditions.ts';
import { copySource } from './copy-source.ts';
import { requireObject } from './get-object.ts';
import type { ObjectFiles, StoredFile } from './object-files.ts';
import type { ObjectInfo } from './object-store.ts';
import type { S3Request } from './request.ts';
import type { S3Operation } from './s3-operation.ts';
import { storedHeaders } from './stored-headers.ts';
import { document } from './xml.ts';

export const copyObject: S3Operation = async (request, context) => {
  const { store, now } = context;
  const { bucket, key, headers } = request;
  store.requireBucket(bucket);
  const sourcePath = copySource(request);
  const replace = metadataDirective(request) === 'REPLACE';
  if (sourcePath.bucket === bucket && sourcePath.key === key && !replace) {
    throw new AwsError('InvalidRequest', 'This copy request is illegal because it changes nothing of the object.');
  }
  const source = requireObject(sourcePath, context);
  if (checkRead(headers, source, 'x-amz-copy-source-') === 'notModified') {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  const release = store.files.hold(source.files);
  const copies = source.files.map((file) => ({ ...file, name: store.files.newName() }));
  try {
    await copyFiles(store.files, source.files, copies);
    const { uploadId: _, ...facts } = source;
    const info: ObjectInfo = { ...facts, modified: now(), files: copies };
    if (replace) info.headers = storedHeaders(request);
    store.put(bucket, key, info, (current) => checkWrite(headers, current));
    const xml = document('CopyObjectResult', [
      ['ETag', `"${info.etag}"`],
      ['LastModified', new Date(info.modified).toISOString()],
    ]);
    return { status: 200, xml };
  } catch (error) {
    store.files.discard(copies);
    throw error;
  } finally {
    release();
  }
};

function metadataDirective({ headers }: S3Request): 'COPY' | 'REPLACE' {
  const directive = headers.get('x-amz-metadata-directive') ?? 'COPY';
  if (directive === 'COPY' || directive === 'REPLACE') return directive;
  throw new AwsError('InvalidArgument', 'Unknown metadata directive.');
}

async function copyFiles(files: ObjectFiles, from: readonly StoredFile[], to: readonly StoredFile[]): Promise<void> {
  for (const [index, { name }] of from.entries()) {
    const copy = to[index];
    // FICLONE shares the blocks where the file system can, and copies where it cannot.
    if (copy) await copyFile(files.path(name), files.path(copy.name), constants.COPYFILE_FICLONE);
  }
}
