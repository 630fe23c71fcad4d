import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Store } from '#shared/storage/document-client.ts';

/** Bytes by tag, of all cases: worlds are the same each time, so nearly every object was read before. */
const known = new Map<string, Uint8Array>();
const mostBytes = 100_000;

/**
 * The store as it stands now, for one look at it: its bucket is listed once, and an object whose tag is known is not read
 * again. What it shows is not what is written later.
 */
export async function remembered(store: Store): Promise<Store> {
  const { bucket } = store;
  const objects = 'client' in store.objects ? await store.objects.client() : store.objects;
  const listed = await objects.send(new ListObjectsV2Command({ Bucket: bucket }));
  if (listed.IsTruncated) throw new Error('more objects than one list shows');
  const { Contents: contents = [] } = listed;
  const tags = new Map(contents.map(({ Key: key = '', ETag: tag = '' }) => [key, tag]));

  const list = ({ Prefix: prefix = '', StartAfter: after = '' }: ListObjectsV2Command['input']) => {
    const found = contents.filter(({ Key: key = '' }) => key.startsWith(prefix) && key > after);
    return { $metadata: {}, Contents: found } satisfies ListObjectsV2CommandOutput;
  };
  const get = async (command: GetObjectCommand): Promise<GetObjectCommandOutput> => {
    const tag = tags.get(command.input.Key ?? '') ?? '';
    const bytes = known.get(tag);
    if (bytes) return answerOf(bytes, tag);
    const answer = await objects.send(command);
    if ((answer.ContentLength ?? 0) > mostBytes || tag === '' || !answer.Body) return answer;
    const read = await answer.Body.transformToByteArray();
    known.set(tag, read);
    return answerOf(read, tag);
  };
  const send = (command: Parameters<S3Client['send']>[0]) => {
    if (command instanceof ListObjectsV2Command) return Promise.resolve(list(command.input));
    return command instanceof GetObjectCommand ? get(command) : objects.send(command);
  };
  return { ...store, objects: Object.assign(Object.create(objects), { send }) };
}

const answerOf = (bytes: Uint8Array, tag: string): GetObjectCommandOutput =>
  ({ $metadata: {}, ETag: tag, Body: { transformToByteArray: async () => bytes } }) as never; // all that is read of it
