import { connectionSchema } from '#shared/domain/connections.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { Clock } from '#shared/http/clock.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { copyMedia } from '#shared/media/copy-media.ts';
import { collectYoung } from '#shared/runtime/collect-young.ts';
import type { Store } from '#shared/storage/document-client.ts';

/** The file that is copied: nothing is known of its length before it comes. */
export const benchFile: ListedFile = {
  key: 'recording',
  kind: 'recording',
  contentType: 'audio/wav',
  bytes: null,
  revision: '1',
};

export type FileCopy = {
  store: Store;
  /** of a conversation with `benchFile`, in the table */
  uuid: string;
  /** where a provider serves the file */
  href: string;
  clock: Clock;
};

/** Copies that file as the media function does, by a link into the provider; gives how many bytes it has. */
export async function copyFile({ store, uuid, href, clock }: FileCopy): Promise<number> {
  const { now } = clock;
  const { origin } = new URL(href);
  const connection = connectionSchema.parse({
    id: 'support',
    provider: 'talkdesk',
    baseUrl: origin,
    credentials: { token: 't' },
  });
  const unasked = (): Promise<never> => Promise.reject(new Error('there is no API'));
  const session = { connection, baseUrl: origin, now, getJson: unasked, postJson: unasked, through: unasked };
  const { end, bytes } = await copyMedia(
    {
      tidy: collectYoung,
      ...{ store, clock, now, slowPutMs: 60_000, session },
      media: { locate: async () => ({ from: 'link', href }) },
      expectation: expectationOf({ media: true }, []),
      door: openMediaDoor(session, clock),
      signal: new AbortController().signal,
    },
    { connection: connection.id, uuid, key: benchFile.key, last: false },
  );
  if (end !== 'ready') throw new Error(`the copy ended ${end}`);
  return bytes;
}
