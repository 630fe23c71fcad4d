import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Bucket, type Created, isRefusal, toObjectType } from './media-objects.ts';

/** A file that goes up in parts: which upload, of which object. Until it is completed nobody sees anything of it. */
export type Upload = { id: string; object: string };

/** What the completion names a part by; S3 asks for the checksum of each where the upload was begun with one. */
export type Part = { etag: string; crc32: string };

/** Parts that one upload takes; each but the last has at least 5 MiB. */
export const mostParts = 10_000;
export const leastPartBytes = 5 * 1024 ** 2;

const nameOf = ({ bucket }: Bucket, { id, object }: Upload) => ({ Bucket: bucket, Key: object, UploadId: id });

/** `type` is the file's. */
export async function beginUpload({ objects, bucket }: Bucket, object: string, type: string): Promise<Upload> {
  const { UploadId: id } = await objects.send(
    new CreateMultipartUploadCommand({
      Bucket: bucket,
      Key: object,
      ContentType: toObjectType(type),
      // The SDK sends the CRC-32 of each part, which S3 refuses for an upload that was begun without one.
      ChecksumAlgorithm: 'CRC32',
    }),
  );
  if (id === undefined) throw new TypeError('S3 has named no upload');
  return { id, object };
}

/** Puts a part in its place (from 1), over one that lies there. */
export async function putPart(bucket: Bucket, upload: Upload, place: number, bytes: Uint8Array): Promise<Part> {
  const input = { ...nameOf(bucket, upload), PartNumber: place, Body: bytes };
  return toPart(await bucket.objects.send(new UploadPartCommand(input)));
}

/** The first `count` parts, or null where the upload or one of them is not there. */
export async function listParts(bucket: Bucket, upload: Upload, count: number): Promise<Part[] | null> {
  const parts: Part[] = [];
  try {
    while (parts.length < count) {
      // The SDK's own pages have no end: S3 names a next one behind the last.
      const PartNumberMarker = String(parts.length);
      const { Parts: listed = [] } = await bucket.objects.send(
        new ListPartsCommand({ ...nameOf(bucket, upload), PartNumberMarker }),
      );
      const page = listed.slice(0, count - parts.length);
      const isGapless = page.every(({ PartNumber }, i) => PartNumber === parts.length + i + 1);
      if (page.length === 0 || !isGapless) return null;
      parts.push(...page.map(toPart));
    }
  } catch (error) {
    if (isRefusal(error, 'NoSuchUpload')) return null;
    throw error;
  }
  return parts;
}

function toPart({ ETag: etag, ChecksumCRC32: crc32 }: CompletedPart): Part {
  if (etag === undefined || crc32 === undefined) throw new TypeError('S3 has named no hash or no checksum of a part');
  return { etag, crc32 };
}

/** Makes the object of its parts. Refused also where the upload is gone (it may be complete) or a part is another now. */
export async function completeUpload(bucket: Bucket, upload: Upload, parts: readonly Part[]): Promise<Created> {
  const Parts = parts.map(({ etag, crc32 }, i) => ({ PartNumber: i + 1, ETag: etag, ChecksumCRC32: crc32 }));
  const input = { ...nameOf(bucket, upload), MultipartUpload: { Parts }, IfNoneMatch: '*' };
  try {
    await bucket.objects.send(new CompleteMultipartUploadCommand(input));
    return 'stored';
  } catch (error) {
    if (isRefusal(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchUpload', 'InvalidPart'))
      return 'refused';
    throw error;
  }
}

/** Drops the parts. One that is gone already is none to complain of. */
export async function abortUpload(bucket: Bucket, upload: Upload): Promise<void> {
  try {
    await bucket.objects.send(new AbortMultipartUploadCommand(nameOf(bucket, upload)));
  } catch (error) {
    if (!isRefusal(error, 'NoSuchUpload')) throw error;
  }
}
