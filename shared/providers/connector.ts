import type { ArtifactFinding, ArtifactKind } from '#shared/domain/artifact.ts';
import type { Window } from '#shared/domain/checkpoint.ts';
import type { Connection } from '#shared/domain/connections.ts';
import type { Content, ProviderName } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';

/**
 * A connector is a plain value; importing it does nothing. Adding one touches one folder and one line of the registry.
 */
export type Connector = {
  provider: ProviderName;
  /** the artifact kinds that this provider delivers for every conversation */
  promised: readonly ArtifactKind[];
  /** the budget where the connection names none: requests (or cost points) */
  rateLimit: { perMinute?: number; perHour?: number };
  /** root of the API, or null where the connection must name it */
  baseUrl: (connection: Connection) => string | null;
  auth: Auth;
  /** reads the provider's own budget from the headers of an answer */
  readBudget: (headers: Headers) => BudgetReport;
  streams: readonly Stream[];
};

/** Answer headers, names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** What an answer said of the budget: what it cost, what is left of this minute or hour. Absent facts are undefined. */
export type BudgetReport = { cost?: number; remainingMinute?: number; remainingHour?: number };

export type Auth =
  /** OAuth client credentials with Basic, or the static token where the credentials hold one */
  | { kind: 'clientCredentials'; tokenUrl: (connection: Connection) => string | null; scope: string | null }
  | { kind: 'token' };

/** One kind of record that a connector lists. */
export type Stream = {
  name: string;
  /** widest window that the provider answers */
  maxWindowMs: number;
  /** how far each run re-reads where the connection does not say */
  lookbackMs: number;
  /** one page of the window, oldest first where the provider can sort */
  fetchPage: (session: Session, window: Window, cursor: string | null) => Promise<Page>;
  /** which conversation a listed record is; throws RecordInvalid where even that cannot be read */
  identify: (listed: unknown) => RecordReference;
  /** the further answers that make a listed record whole; absent where the listing says all */
  fetchDetail?: (session: Session, listed: unknown) => Promise<Detail>;
  /** the same record again, for artifacts that are due; null where the provider no longer lists it */
  fetchAgain: (session: Session, reference: PendingReference) => Promise<Answer | null>;
  /** raw to ours, pure; throws RecordInvalid */
  normalize: (answer: Answer) => Normalized;
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

export type PendingReference = { externalId: string; startedAt: string | null; endedAt: string | null };

/** Further answers by name; a missing one was not asked for or not to be had, with the finding that follows from it. */
export type Detail = Readonly<Record<string, unknown>>;

/** Everything a provider said of one record in one go. `detail` is null when the details could not be asked for. */
export type Answer = { listed: unknown; detail: Detail | null; sentAt: number };

export type Normalized = {
  externalId: string;
  stamp: string | null;
  content: Content;
  transcript: Transcript | null;
  /** what this answer says of each promised artifact, and of others that came */
  artifacts: Readonly<Record<string, ArtifactFinding>>;
  /** unknown fields and enum values that were seen, as field paths: counted and reported, never a reason to fail */
  drift: readonly string[];
};

/** The authorised, budgeted way to one account's API. */
export type Session = {
  connection: Connection;
  /** root of the API without a trailing slash */
  baseUrl: string;
  /**
   * One GET under `baseUrl` for JSON. `cost` is what it will cost of the budget (1). Throws the errors of domain/errors.
   */
  getJson: (path: string, query?: readonly (readonly [string, string])[], cost?: number) => Promise<JsonAnswer>;
};

export type JsonAnswer = {
  body: unknown;
  headers: Headers;
  /** provider's clock (`Date` header), else ours when the request was sent */
  servedAt: number;
  sentAt: number;
};
