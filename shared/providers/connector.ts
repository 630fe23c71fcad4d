import type { ArtifactKind } from '#shared/domain/artifact.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import type { Connection } from '#shared/domain/connections.ts';
import type { ProviderName } from '#shared/domain/conversation.ts';
import type { Hint } from '#shared/domain/delivery.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { Observation } from '#shared/domain/observation.ts';
import type { Headers } from './headers.ts';
import type { Webhook } from './webhook.ts';

export type { Headers } from './headers.ts';

/**
 * A connector is a plain value; importing it does nothing. Adding one touches one folder and one line of the registry.
 */
export type Connector = {
  provider: ProviderName;
  /** number of its `normalize`: one more with each change of what an answer becomes. Raw answers of all lower ones stay readable */
  mapper: number;
  /**
   * The artifact kinds that this provider delivers for every conversation. `media:<kind>` stands for files that are named
   * later under keys of their own.
   */
  promised: readonly ArtifactKind[];
  /** the budget where the connection names none: requests (or cost points) */
  rateLimit: { perMinute?: number; perHour?: number };
  /** the provider has no records from before this instant (milliseconds since 1970); null where it does not say */
  recordsSince: number | null;
  /** root of the API, or null where the connection must name it */
  baseUrl: (connection: Connection) => string | null;
  auth: Auth;
  /** the `Accept` of every request, where the provider asks for a version in it (application/json) */
  accept?: string;
  /** reads the provider's own budget from the headers of an answer */
  readBudget: (headers: Headers) => BudgetReport;
  streams: readonly Stream[];
  /** where the bytes of its files are; absent for a provider without media */
  media?: Media;
  webhook: Webhook;
};

/** What an answer said of the budget: what it cost, what is left of this minute or hour. Absent facts are undefined. */
export type BudgetReport = { cost?: number; remainingMinute?: number; remainingHour?: number };

export type Auth =
  /** OAuth client credentials with Basic, or the static token where the credentials hold one */
  | { kind: 'clientCredentials'; tokenUrl: (connection: Connection) => string | null; scope: string | null }
  | { kind: 'token' };

type FetchPage = (session: Session, window: Window, cursor: string | null) => Promise<Page>;

/** One kind of record that a connector lists. */
export type Stream = {
  name: string;
  /** widest window that the provider answers */
  maxWindowMs: number;
  /** how far each run re-reads where the connection does not say */
  lookbackMs: number;
  /** one page of the window, oldest first where the provider can sort */
  fetchPage: FetchPage;
  /**
   * The same of the records whose ledger stamp lies in the window: what a span of the past is read by, where what has
   * changed since must not be left out. Absent where `fetchPage` goes by that stamp.
   */
  fetchSpan?: FetchPage;
  /** which conversation a listed record is; throws RecordInvalid where even that cannot be read */
  identify: (listed: unknown) => RecordReference;
  /** the further answers that make listed records whole; absent where the listing says all */
  details?: Batched<unknown, Detail>;
  /** the same records again, for artifacts that are due; null for one that the provider no longer lists */
  again: Batched<PendingReference, Answer | null>;
  /** whole records by their ids, as listing and details together would give them; null for what is not there */
  hinted: Batched<Hint, Answer | null>;
  /** raw to ours, pure; throws RecordInvalid */
  normalize: (answer: Answer) => Normalized;
  ledger: Ledger;
};

/**
 * The same records, listed by a stamp that never moves and with their names alone: what the books of the hours are kept
 * by. Any number of these listings must agree, so a window's edges are half-open here whatever the provider makes of them.
 */
export type Ledger = {
  /** the field of the normalized record that holds the stamp */
  stamp: 'startedAt' | 'providerCreatedAt';
  /** widest window that can be listed so */
  maxWindowMs: number;
  /** one page of the window, and nothing asked but pages; a record may come twice where the provider shows it twice */
  fetchPage: (session: Session, window: Window, cursor: string | null) => Promise<LedgerPage>;
  /** the stamp of a record as the stream lists it (milliseconds since 1970), or null where it has no usable one */
  stampOf: (listed: unknown) => number | null;
};

export type LedgerPage = {
  /** the records whose stamp lies in the window; the stamp in our form of an instant */
  listed: readonly { externalId: string; stamp: string }[];
  /** how many records of the page have no readable id or stamp, and so no hour */
  unreadable: number;
  next: string | null;
  /** as of a page */
  servedAt: number;
};

/**
 * A question for several records at once. The answers stand in the order of what was asked; `most` is what one asking
 * may hold, 1 where the provider answers for one at a time. What it throws is held against all of them, so a record that
 * the provider fails for is set aside by the connector, with an answer that says nothing.
 */
export type Batched<Asked, Told> = {
  most: number;
  fetch: (session: Session, asked: readonly Asked[]) => Promise<readonly Told[]>;
};

export type Page = {
  /** unparsed, so that one bad record cannot spoil its page */
  records: readonly unknown[];
  next: string | null;
  /** the provider's clock when it answered, else ours when we asked (milliseconds since 1970) */
  servedAt: number;
  /** when the request was sent, by our clock (milliseconds since 1970) */
  sentAt: number;
};

export type RecordReference = {
  externalId: string;
  /** the provider's own last-change stamp as received, or null where it gives none */
  stamp: string | null;
};

export type PendingReference = {
  externalId: string;
  startedAt: string | null;
  endedAt: string | null;
  /** the artifact kinds that are awaited from the provider; files that are known already are not among them */
  open: readonly string[];
};

/** Further answers by name; a missing one was not asked for or not to be had, with the finding that follows from it. */
export type Detail = Readonly<Record<string, unknown>>;

/**
 * Everything a provider said of one record in one go. `detail` is null when the details could not be asked for; `listed`
 * is null when only single artifacts were asked for again.
 */
export type Answer = { listed: unknown; detail: Detail | null; sentAt: number };

/** An answer in our words: what it says of each promised artifact, and of others that came. */
export type Normalized = Omit<Observation, 'sentAt'> & {
  externalId: string;
  /** unknown fields and enum values that were seen, as field paths: counted and reported, never a reason to fail */
  drift: readonly string[];
};

/** The authorised, budgeted way to one account's API. */
export type Session = {
  connection: Connection;
  /** root of the API without a trailing slash */
  baseUrl: string;
  /** our clock, milliseconds since 1970 */
  now: () => number;
  /**
   * One GET under `baseUrl` for JSON. `cost` is what it will cost of the budget (1). Throws the errors of domain/errors.
   */
  getJson: (path: string, query?: readonly (readonly [string, string])[], cost?: number) => Promise<JsonAnswer>;
  /** The same as a POST with a JSON body, for a provider that takes its questions so: it must change nothing there. */
  postJson: (path: string, body: unknown, cost?: number) => Promise<JsonAnswer>;
};

export type JsonAnswer = {
  body: unknown;
  headers: Headers;
  /** provider's clock (`Date` header), else ours when the request was sent */
  servedAt: number;
  sentAt: number;
};

export type Media = {
  /** Asks, where need be, where a file's bytes are now. Throws the errors of domain/errors. */
  locate: (session: Session, reference: FileReference) => Promise<MediaSource>;
};

export type FileReference = { externalId: string; file: ListedFile };

/** Where bytes are, or why there are none: "not ready yet" and "none at the provider" are two different things. */
export type MediaSource =
  /**
   * A path under the account's address, asked for with its credentials. Where it redirects, the other place is asked
   * without them. `link` reads the address out of an answer that is JSON about the file instead of the file.
   */
  | { from: 'account'; path: string; link?: (body: unknown) => string | null }
  /** an address out of the provider's data, asked for without credentials */
  | { from: 'link'; href: string }
  | { from: 'notYet' }
  | { from: 'nowhere'; state: 'absent' | 'expired'; reason: string };
