import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Store } from './document-client.ts';
import type { HourPlace } from './ledger-rows.ts';

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/**
 * The ids that an hour's books rest on, in the bucket under `ledger/<connection>/<hour>.json.gz`: conversations and never
 * people.
 */
const idsSchema = z.object({
  /** what the last listing brought */
  listed: z.array(z.string()),
  /** what is stored and was not listed, with the first reading that missed it */
  unlisted: z.array(z.tuple([z.string(), z.int().positive()])),
  /** what is missing, with the provider's stamp of it (ISO 8601 UTC): some can only be asked for by time */
  gaps: z.array(z.tuple([z.string(), z.string()])),
});
export type HourIds = z.infer<typeof idsSchema>;

export const noIds: HourIds = { listed: [], unlisted: [], gaps: [] };

type Bucket = Pick<Store, 'objects' | 'bucket'>;

const nameOf = ({ connection, hour }: HourPlace): string =>
  `ledger/${connection}/${formatInstant(hour).slice(0, '2026-03-02T09'.length)}.json.gz`;

export async function putIds({ objects, bucket }: Bucket, place: HourPlace, ids: HourIds): Promise<void> {
  await objects.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: nameOf(place),
      Body: await compress(JSON.stringify(ids)),
      ContentType: 'application/gzip',
    }),
  );
}

/** The ids of an hour whose row says that it has some. Throws where there is no such object. */
export async function getIds({ objects, bucket }: Bucket, place: HourPlace): Promise<HourIds> {
  const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: nameOf(place) }));
  if (!body) throw new TypeError('the ids of an hour have no body');
  return idsSchema.parse(JSON.parse((await decompress(await body.transformToByteArray())).toString('utf8')));
}
