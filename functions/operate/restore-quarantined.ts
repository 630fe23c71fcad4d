import { AppError, RecordInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { identify } from '#shared/domain/identity.ts';
import type { IngestContext } from '#shared/ingest/context.ts';
import { gathering, openGather } from '#shared/ingest/gather.ts';
import { type News, newsIn } from '#shared/ingest/ingest-answer.ts';
import type { Written } from '#shared/ingest/write-version.ts';
import type { Answer, Stream } from '#shared/providers/connector.ts';
import { readKnown } from '#shared/storage/conversations.ts';
import { dropQuarantined } from '#shared/storage/drop-quarantined.ts';
import { readQuarantinedRaw } from '#shared/storage/quarantined-raw.ts';
import type { QuarantineEntry } from '#shared/storage/read-quarantine.ts';
import type { RebuildContext } from './rebuild-record.ts';

/** What became of a quarantined record, or would: `other` is one that the request does not want. */
export type Restored = { became: 'restored'; id: string } | { became: 'quarantined' | 'other' };

/** Whether a request wants a conversation. */
export type Wants = (conversation: { uuid: string; startedAt: string | null }) => boolean;

/** `news` is null where nothing is to be stored: it is stored already, or was erased. */
type Understood = { answer: Answer; stream: Stream; id: string; news: News | null };

/**
 * Reads a quarantined record again. What is understood now is packed and stored as an answer of the time when it came;
 * then its bytes go, and its entry at last, so that a stop anywhere has it read again.
 */
export async function restoreQuarantined(
  context: RebuildContext,
  entry: QuarantineEntry,
  wants: Wants,
  dryRun: boolean,
): Promise<Restored> {
  const raw = await readQuarantinedRaw(context.store, entry);
  if (raw === null) return dropBare(context, entry, dryRun);
  const understood = await understand(context, entry, raw, wants);
  if (!understood) return { became: 'quarantined' };
  if (understood === 'other') return { became: 'other' };
  if (dryRun) return { became: 'restored', id: understood.id };
  if (!(await store(context, entry, understood))) return { became: 'quarantined' };
  await dropQuarantined(context.store, entry);
  return { became: 'restored', id: understood.id };
}

/** An entry whose bytes are gone was left by a stop behind their end: its conversation is stored, or was erased. */
async function dropBare(
  { store, connection, connector }: RebuildContext,
  entry: QuarantineEntry,
  dryRun: boolean,
): Promise<Restored> {
  if (entry.externalId === null) return { became: 'quarantined' };
  const { id, uuid } = identify(connector.provider, connection.id, entry.externalId);
  if (!(await readKnown(store, [uuid])).has(uuid)) return { became: 'quarantined' };
  if (!dryRun) await dropQuarantined(store, entry);
  return { became: 'restored', id };
}

async function understand(
  context: RebuildContext,
  entry: QuarantineEntry,
  raw: string,
  wants: Wants,
): Promise<Understood | 'other' | null> {
  const { connection, connector } = context;
  const stream = connector.streams.find(({ name }) => entry.sk.startsWith(`${name}#`));
  if (!stream) return null;
  try {
    const answer: Answer = { listed: JSON.parse(raw), detail: null, sentAt: Date.parse(entry.at) };
    const { externalId } = stream.identify(answer.listed);
    const seen = { ...stream.normalize(answer), sentAt: answer.sentAt };
    const identity = identify(connector.provider, connection.id, externalId);
    if (!wants({ uuid: identity.uuid, startedAt: seen.content.startedAt })) return 'other';
    const head = (await readKnown(context.store, [identity.uuid])).get(identity.uuid) ?? null;
    const isGone = head !== null && 'end' in head;
    const news = isGone ? null : newsIn(ingestContext(context, stream), { ...seen, identity }, head);
    return { answer, stream, id: identity.id, news };
  } catch (error) {
    if (error instanceof RecordInvalid || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** False where it turned out too large to be stored. */
async function store(context: RebuildContext, entry: QuarantineEntry, understood: Understood): Promise<boolean> {
  const { answer, news, stream } = understood;
  if (!news) return true;
  const ingest = ingestContext(context, stream);
  const gather = openGather(ingest, { key: ['quarantine', entry.sk], at: Date.parse(entry.at) });
  let became: Written | null = null;
  const written = async (write: () => Promise<Written>): Promise<Written | null> => {
    became = await write().catch((error: unknown) => {
      if (error instanceof RecordInvalid) return null;
      throw error;
    });
    return became;
  };
  await gathering(gather, () => gather.add({ news, answer, written }));
  return became !== null;
}

/** The way of a polled record, but that no provider can be asked. */
function ingestContext(
  { store, connection, connector, now, slowPutMs }: RebuildContext,
  stream: Stream,
): IngestContext {
  const refuse = (): Promise<never> => Promise.reject(new AppError('a reprocess asks no provider'));
  return {
    ...{ store, connector, stream, now, slowPutMs, lastResort: false, cause: 'reprocess' },
    expectation: expectationOf(connection, connector.promised),
    session: { connection, baseUrl: '', now, getJson: refuse, postJson: refuse },
    keepLease: async () => undefined,
    // Publish asks for copies of what a new version names.
    requestCopies: async () => undefined,
  };
}
