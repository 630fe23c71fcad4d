import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { checksumElement } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import type { ObjectInfo } from './object-store.ts';
import { receiveDocument } from './receive-body.ts';
import type { S3Operation } from './s3-operation.ts';
import { deleteUpload, findUpload, listParts, type Part, requireUpload } from './uploads.ts';
import { childText, document, type ParsedElement, parseXml } from './xml.ts';

const minPartBytes = 5 * 1024 * 1024;

type NamedPart = { number: number; etag: string; element: ParsedElement };

/**
 * The parts' files become the object as they are, in one commit. Completing once more what is complete gives the same
 * answer, so a client whose answer was lost may repeat it.
 */
export const completeMultipartUpload: S3Operation = async (request, { store, now }) => {
  const { bucket, key, query } = request;
  store.requireBucket(bucket);
  const id = query.get('uploadId') ?? '';
  const named = parseParts(await receiveDocument(request));
  const etag = objectEtag(named);
  const current = store.find(bucket, key);
  const upload = findUpload(store.database, id, bucket, key);
  const repeated = !upload && current?.uploadId === id && current.etag === etag;
  if (!repeated) {
    const { headers, checksum } = requireUpload(store.database, id, bucket, key);
    const stored = listParts(store.database, id);
    const parts = selectParts(named, stored, checksum);
    const files = parts.map((part) => part.file);
    const size = files.reduce((sum, file) => sum + file.bytes, 0);
    const info: ObjectInfo = { etag, size, modified: now(), headers, checksums: {}, files, uploadId: id };
    const check = (before?: ObjectInfo) => checkWrite(request.headers, before);
    store.put(bucket, key, info, check, () => deleteUpload(store.database, id));
    store.files.discard(stored.filter((part) => !parts.includes(part)).map((part) => part.file));
  }
  const xml = document('CompleteMultipartUploadResult', [
    ['Location', `/${bucket}/${key}`],
    ['Bucket', bucket],
    ['Key', key],
    ['ETag', `"${etag}"`],
  ]);
  return { status: 200, xml };
};

function parseParts(body: string): NamedPart[] {
  const root = parseXml(body);
  const elements = root?.children.filter((child) => child.name === 'Part') ?? [];
  const parts = elements.map((part) => ({
    number: Number(childText(part, 'PartNumber')),
    etag: (childText(part, 'ETag') ?? '').replace(/^"|"$/g, ''),
    element: part,
  }));
  if (parts.length === 0 || parts.some((part) => !Number.isInteger(part.number) || !/^[0-9a-f]{32}$/.test(part.etag))) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate');
  }
  return parts;
}

function selectParts(named: readonly NamedPart[], stored: readonly Part[], checksum: string | undefined): Part[] {
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0))) {
    throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const parts = named.map(({ number, etag, element }) => {
    const part = stored.find((one) => one.number === number && one.etag === etag);
    if (!part || !hasChecksum(part, element, checksum)) {
      throw new AwsError('InvalidPart', `Part ${number} was not uploaded, or its ETag is another.`);
    }
    return part;
  });
  if (parts.slice(0, -1).some((part) => part.file.bytes < minPartBytes)) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

/** An upload that was begun with a checksum is completed with that of every part: S3 refuses it without. */
function hasChecksum({ number, checksums }: Part, element: ParsedElement, checksum: string | undefined): boolean {
  if (checksum === undefined) return true;
  const named = childText(element, checksumElement(checksum));
  if (named !== undefined) return named === checksums[checksum];
  const algorithm = checksum.slice('x-amz-checksum-'.length);
  throw new AwsError(
    'InvalidRequest',
    `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each ` +
      `part. It was missing for part ${number} in the request.`,
  );
}

/** MD5 over the parts' MD5s, and their number. */
function objectEtag(parts: readonly NamedPart[]): string {
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`;
}
