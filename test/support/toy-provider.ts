import type { Window } from '#shared/domain/checkpoint.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import type { LanedSession, LaneName } from '#shared/ingest/poll-stream.ts';
import type { Connector, Session, Stream } from '#shared/providers/connector.ts';
import { ledgerPage } from '#shared/providers/ledger-page.ts';
import { contentOf } from './records.ts';

/** A record at the toy provider. `at` is its place in the listing (milliseconds since 1970). */
export type ToyRecord = {
  id: string;
  at: number;
  title: string;
  stamp?: string;
  transcript?: string;
  broken?: true;
  unknown?: string;
  files?: ListedFile[];
};

export type Toy = {
  connector: Connector;
  stream: Stream;
  connection: Connection;
  session: () => Promise<LanedSession>;
  /** what was asked: `list <from> <to> <cursor>`, `detail <ids>`, `again <ids>` */
  asked: string[];
  lanes: LaneName[];
};

export type ToyOptions = {
  records: () => readonly ToyRecord[];
  now: () => number;
  pageSize?: number;
  /** records that it answers for at once */
  batch?: number;
  /** the provider's clock less ours */
  skewMs?: number;
  withDetail?: boolean;
  /** throws what an asking should meet */
  fault?: (asking: string) => void;
  connection?: Record<string, unknown>;
};

/** A provider in a few lines, to drive the engine without a network. */
export function toyProvider({
  records,
  now,
  pageSize = 2,
  batch = 1,
  skewMs = 0,
  withDetail = false,
  fault = () => {},
  connection = {},
}: ToyOptions): Toy {
  const asked: string[] = [];
  const lanes: LaneName[] = [];
  const ask = (asking: string): void => {
    asked.push(asking);
    fault(asking);
  };
  const parsed = connectionSchema.parse({
    id: 'toy',
    provider: 'talkdesk',
    credentials: { token: 't' },
    backfill: '0ms',
    ...connection,
  });
  const find = (id: string): ToyRecord | undefined => records().find((record) => record.id === id);
  /** the page of a window at a cursor, which is an offset */
  const listed = ({ from, to }: Window, cursor: string | null) => {
    const inside = records().filter(({ at }) => at >= from && at < to);
    const offset = Number(cursor ?? 0);
    const next = offset + pageSize < inside.length ? String(offset + pageSize) : null;
    return { records: inside.slice(offset, offset + pageSize), next, servedAt: now() + skewMs };
  };
  const stream: Stream = {
    name: 'records',
    maxWindowMs: 7 * 86_400_000,
    lookbackMs: 60_000,
    fetchPage: async (_session, window, cursor) => {
      ask(`list ${window.from} ${window.to} ${cursor ?? '-'}`);
      return { ...listed(window, cursor), sentAt: now() };
    },
    ledger: {
      stampOf: (listed) => (listed as Partial<ToyRecord>).at ?? null,
      stamp: 'startedAt',
      maxWindowMs: 7 * 86_400_000,
      fetchPage: async (_session, window, cursor) => {
        ask(`ledger ${window.from} ${window.to} ${cursor ?? '-'}`);
        const page = listed(window, cursor);
        const dated = page.records.map((record) => ({ ...record, start: formatInstant(record.at) }));
        const { identify } = stream;
        return ledgerPage({ ...page, records: dated, sentAt: now() }, window, { identify, field: 'start' });
      },
    },
    identify: (listed) => {
      const { id, stamp, broken } = listed as ToyRecord;
      if (broken && id === '') throw new RecordInvalid(['id: expected text']);
      return { externalId: id, stamp: stamp ?? null };
    },
    ...(withDetail
      ? {
          details: {
            most: batch,
            fetch: async (_session: Session, listed: readonly unknown[]) => {
              const ids = listed.map((one) => (one as ToyRecord).id);
              ask(`detail ${ids.join()}`);
              return ids.map((id) => ({ transcript: find(id)?.transcript ?? null }));
            },
          },
        }
      : {}),
    again: {
      most: batch,
      fetch: async (_session, references) => {
        ask(`again ${references.map(({ externalId }) => externalId).join()}`);
        return references.map(({ externalId }) => {
          const listed = find(externalId);
          return listed ? { listed, detail: { transcript: listed.transcript ?? null }, sentAt: now() } : null;
        });
      },
    },
    hinted: {
      most: batch,
      fetch: async (_session, hints) => {
        ask(`hinted ${hints.map(({ externalId }) => externalId).join()}`);
        return hints.map(({ externalId }) => {
          const listed = find(externalId);
          return listed ? { listed, detail: { transcript: listed.transcript ?? null }, sentAt: now() } : null;
        });
      },
    },
    normalize: ({ listed, detail }) => {
      const { id, at, title, stamp, transcript, broken, unknown, files = [] } = listed as ToyRecord;
      if (broken) throw new RecordInvalid(['title: expected text']);
      const text = withDetail ? (detail?.['transcript'] ?? null) : (transcript ?? null);
      const said = typeof text === 'string' ? text : null;
      return {
        externalId: id,
        stamp: stamp ?? null,
        scope: withDetail && detail === null ? 'listing' : 'whole',
        content: contentOf({ title, startedAt: formatInstant(at) }),
        transcript:
          said === null
            ? null
            : makeTranscript(null, [
                { participant: 0, role: 'agent', text: said, startMs: 0, endMs: 1, sentiment: null, intent: null },
              ]),
        artifacts: { transcript: { state: said === null ? 'pending' : 'ready' } },
        files,
        drift: unknown === undefined ? [] : [unknown],
      };
    },
  };
  const connector: Connector = {
    provider: 'talkdesk',
    mapper: 1,
    promised: ['transcript'],
    rateLimit: {},
    recordsSince: null,
    baseUrl: () => 'https://toy.example',
    auth: { kind: 'token' },
    readBudget: () => ({}),
    streams: [stream],
    webhook: {
      hints: ({ body }) => {
        const { ids } = (body ?? { ids: [] }) as { ids: string[] };
        return ids.map((externalId) => ({ externalId, startedAt: null }));
      },
    },
  };
  const session: LanedSession = {
    connection: parsed,
    baseUrl: 'https://toy.example',
    now,
    getJson: () => Promise.reject(new Error('the toy has no network')),
    postJson: () => Promise.reject(new Error('the toy has no network')),
    setLane: (lane) => lanes.push(lane),
    usage: () => ({ requests: asked.length, cost: asked.length }),
  };
  return { connector, stream, connection: parsed, session: async () => session, asked, lanes };
}
