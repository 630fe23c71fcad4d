import { createHash } from 'node:crypto';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { piecesOf } from '#infra/local/fakes/byte-source.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import { mediaArtifact } from '#shared/domain/media.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { type CopyEnd, copyMedia } from '#shared/media/copy-media.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Fixture } from '../fixtures.ts';
import type { RunRule } from './rule.ts';
import { openRuns, type Runs } from './runs.ts';

/** Copies one file of a stored record as the media function does. */
async function copyFile(runs: Runs, { connector, recorded }: Fixture, store: Store, key: string): Promise<CopyEnd> {
  const { clock, connection } = runs;
  const { media } = connector;
  if (!media) throw new Error('no media');
  const session = await runs.openSession();
  const context = {
    ...{ store, clock, now: clock.now, slowPutMs: 5_000, media, session },
    expectation: expectationOf(connection, connector.promised),
    door: openMediaDoor(session, clock),
    signal: new AbortController().signal,
  };
  const uuid = conversationUuid(conversationId(connection.id, recorded.media?.[key]?.externalId ?? ''));
  const end = await copyMedia(context, { connection: connection.id, uuid, key, last: false });
  expect(runs.account.unrecorded).toEqual([]);
  return end;
}

/** Throws unless the file's bytes are in the bucket and the record says so. */
async function expectCopied(runs: Runs, { recorded }: Fixture, store: Store, key: string): Promise<void> {
  const { externalId = '', bytes, contentType } = recorded.media?.[key] ?? {};
  const stored = await getRecord(store, conversationUuid(conversationId(runs.connection.id, externalId)));
  const { artifacts, media = [] } = stored?.record.conversation ?? {};
  const entry = media.find((each) => each.key === key);
  const expected = Buffer.concat([...piecesOf(runs.account.files.bytesOf(key))]);
  const sha512 = createHash('sha512').update(expected).digest('hex');
  expect(artifacts?.[mediaArtifact(key)]).toMatchObject({ state: 'ready' });
  expect(entry).toMatchObject({ key, bytes, contentType, sha512 });
  const object = await store.objects.send(new GetObjectCommand({ Bucket: store.bucket, Key: entry?.object ?? '' }));
  expect(expected.equals((await object.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
}

const copiesBytes: RunRule = {
  name: 'copies every file byte for byte over broken connections, asking for no byte twice',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    await runs.run();
    const { media = {} } = fixture.recorded;
    for (const [key, { bytes }] of Object.entries(media)) {
      const sent = runs.account.files.sent();
      expect(await copyFile(runs, fixture, store, key)).toEqual({ end: 'ready', bytes });
      await expectCopied(runs, fixture, store, key);
      expect(runs.account.files.sent() - sent, key).toBe(bytes);
    }
    const asked = runs.account.asked().length + runs.account.askedElsewhere().length;
    for (const key of Object.keys(media)) {
      expect(await copyFile(runs, fixture, store, key)).toEqual({ end: 'nothing', bytes: 0 });
    }
    expect(runs.account.asked().length + runs.account.askedElsewhere().length).toBe(asked);
  },
};

const totalOf = ({ recorded }: Fixture): number =>
  Object.values(recorded.media ?? {}).reduce((sum, { bytes }) => sum + bytes, 0);

const keepsCredentials: RunRule = {
  name: 'shows its credentials to the account alone, and goes on behind a fresh link where one has expired',
  holds: async (fixture, store) => {
    const runs = await openRuns(store, fixture);
    await runs.run();
    runs.account.files.expireAtBreaks();
    for (const [key, { bytes }] of Object.entries(fixture.recorded.media ?? {})) {
      expect(await copyFile(runs, fixture, store, key)).toEqual({ end: 'ready', bytes });
      await expectCopied(runs, fixture, store, key);
    }
    expect(runs.account.files.sent()).toBe(totalOf(fixture));
    const elsewhere = runs.account.askedElsewhere().map(({ headers }) => headers);
    expect(elsewhere.filter((headers) => 'authorization' in headers || 'cookie' in headers)).toEqual([]);
    expect(JSON.stringify(elsewhere)).not.toContain('canary');
  },
};

export const mediaRules: readonly RunRule[] = [copiesBytes, keepsCredentials];
