import type { ByteSource } from '#infra/local/fakes/byte-source.ts';
import type { FakeProvider } from '#infra/local/fakes/provider.ts';
import type { Lane, Window } from '#shared/domain/checkpoint.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';

/** So late that the table's real clock lets nothing expire. */
export const start = Date.parse('2100-01-04T09:00:00.000Z');
export const minute = 60_000;

/** Where signed links lead: to another host than the API's, as at the real ones. */
export const filesHost = new URL('https://files.example');

/**
 * `hooks` sends the webhooks; `replay` and `reprocess` ask for one of everything, `backfill` for one of the world's span and
 * `erase` for its person's; `retain` is the daily word; `deliver` publishes, copies and works off what waits until nothing is left to do; a number is a wait (milliseconds).
 */
export type Step = 'poll' | 'hooks' | 'replay' | 'reprocess' | 'backfill' | 'erase' | 'retain' | 'deliver' | number;

/** A webhook's delivery as its sender sends it. */
export type SentHook = { headers: Readonly<Record<string, string>>; body: string; isGenuine: boolean };

/** The webhooks of a world, and how many different ones of them are genuine. */
export type Hooks = { secret: string; sent: readonly SentHook[]; genuine: number };

/** Who is erased, and texts that stand nowhere afterwards. */
export type Person = {
  participant: string;
  /** external ids of the conversations that go, and of what never was one and was quarantined */
  gone: readonly string[];
  unseen: readonly string[];
  traces: readonly string[];
  /** puts of all that goes, of the rows by participant, of the operation and of the tombstones */
  puts: number;
};

/** A provider whose past is fixed, so that every run must come to the same end. */
export type CrashWorld = {
  connection: Connection;
  credentials: { clientId: string; clientSecret: string };
  fake: (now: () => number) => FakeProvider;
  /** external ids of all its records, in the order of the listing */
  ids: string[];
  /** how many of them cannot be understood */
  broken: number;
  /** the ids of which a lane says that they are safe */
  passedBy: (lane: Lane) => string[];
  /** what has happened before, undisturbed; and what one run does, which is disturbed */
  before: readonly Step[];
  run: readonly Step[];
  /** the provider's bytes of its files, by external id and key */
  bytesOf: (id: string, key: string) => ByteSource;
  hooks?: Hooks;
  /** whom `erase` is about */
  person?: Person;
  /** what `backfill` asks for */
  span?: Window;
  /** event ids that must come of it, by type */
  events: { transcripts: number; media: number; overdue: number; gaps?: number };
  /** files that outlive their time */
  expired?: number;
  /** calls that a run must make */
  calls: readonly string[];
};

export const connectionOf = (provider: Connection['provider'], more: object): Connection =>
  connectionSchema.parse({
    id: provider,
    provider,
    baseUrl: 'https://provider.example',
    tokenUrl: 'https://provider.example/oauth/token',
    credentials: { secret: provider },
    backfill: '0ms',
    ...more,
  });

/** A connection of conversations that only history brings: no later list shows them, the due lane alone asks again. */
export const lateConnection = (provider: Connection['provider'], more: object): Connection =>
  connectionOf(provider, { lookback: '1m', backfill: '10m', recheck: ['3m', '6m'], ...more });

/** First sight, and the first offset, which finds nothing yet; the run comes at the last. */
export const lateSteps = {
  before: ['poll', 'deliver', 3.5 * minute, 'poll', 'deliver', 3 * minute],
  run: ['poll', 'deliver'],
} satisfies Partial<CrashWorld>;
/** When late parts appear: between the two (milliseconds since 1970, and microseconds). */
export const lateAt = start + 5 * minute;
export const lateAtUs = lateAt * 1_000;

export const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  clientId,
  clientSecret,
});

export const settled = { lateShare: 0, neverShare: 0, german: 0, french: 0, turns: { min: 2, max: 4 } };

/** What a poll and its publishing call. */
export const pollCalls = ['GetSecretValueCommand', 'PutItemCommand', 'UpdateItemCommand', 'PutEventsCommand'];
/** What a copy calls whose file fits into one part. */
export const copyCalls = ['SendMessageBatchCommand', 'GetItemCommand', 'PutObjectCommand', 'PutItemCommand'];
