import type { ArtifactState } from './artifact.ts';
import type { ProviderName, StoredConversation } from './conversation.ts';
import { parseInstant } from './instant.ts';
import { hourMs } from './ledger.ts';
import { mediaArtifact, mediaKeyOf } from './media.ts';

/**
 * The books of an hour: what the provider lists of it, and what became of that here. Always computed whole, never
 * counted up, so that computing them again gives what is true then.
 */

/** The provider's stamp that tells of which hour a conversation is. */
export type LedgerStamp = 'startedAt' | 'providerCreatedAt';

/** Each provider's, as its connector says: for those that know no connector. */
export const ledgerStamps: Readonly<Record<ProviderName, LedgerStamp>> = {
  vonage: 'startedAt',
  talkdesk: 'startedAt',
  salesloft: 'providerCreatedAt',
  magpipe: 'providerCreatedAt',
  earshot: 'startedAt',
};

/** How far from its creation a conversation is looked for by its start (milliseconds), where a provider lists by creation. */
export const aroundCreationMs = { before: 3 * hourMs, behind: hourMs };

/** What stands here for an id. */
export type Standing =
  | { state: 'stored'; isMissing: boolean; artifacts: readonly (readonly [kind: string, state: ArtifactState])[] }
  | { state: 'erased' | 'expired' };

export type ArtifactCounts = Readonly<Record<string, Readonly<Partial<Record<ArtifactState, number>>>>>;

export type Books = {
  /** ids that the provider lists, and what was quarantined of the hour without an id or a stamp to list it by */
  listed: number;
  /** of those listed: */
  stored: number;
  quarantined: number;
  erased: number;
  expired: number;
  /** stored ones that two readings in a row did not list */
  missingAtSource: number;
  /** of the stored ones that are listed */
  artifacts: ArtifactCounts;
  /** ids that are listed, and of which nothing is here */
  gaps: readonly string[];
};

/** What stands here for a conversation, as the ledger looks at it. Instants in milliseconds since 1970. */
export type Known = {
  standing: Standing;
  /** the beginning of its hour by the ledger's stamp; null where that is not known */
  hour: number | null;
  /** when the request was sent that brought it; 0 for one that is gone */
  observedAt: number;
};

/** By external id. */
export type Standings = ReadonlyMap<string, Known>;

/** A quarantined record and the hour that it counts in: by its stamp where it has a usable one, else when it was seen. */
export type QuarantinedIn = { externalId: string | null; hour: number };

export type Evidence = { standings: Standings; quarantined: readonly QuarantinedIn[] };
export type HourEntries = { listed: readonly string[]; unlisted: readonly string[] };

/** The books of an hour by what is known of its ids and of what is quarantined of the connection. */
export function booksOf(hour: number, { listed, unlisted }: HourEntries, { standings, quarantined }: Evidence): Books {
  const isListed = new Set(listed);
  const isQuarantined = new Set(quarantined.map(({ externalId }) => externalId));
  // One whose record came later, or was erased, counts as that alone.
  const isStray = ({ externalId: id, hour: of }: QuarantinedIn): boolean =>
    of === hour && (id === null || !(isListed.has(id) || standings.has(id)));
  const counts = { stored: 0, quarantined: quarantined.filter(isStray).length, erased: 0, expired: 0 };
  const strays = counts.quarantined;
  const artifacts: KindCounts = new Map();
  const gaps: string[] = [];
  for (const id of listed) {
    const standing = standings.get(id)?.standing;
    if (standing) counts[standing.state] += 1;
    else if (isQuarantined.has(id)) counts.quarantined += 1;
    else gaps.push(id);
    if (standing?.state === 'stored') addArtifacts(artifacts, standing.artifacts);
  }
  return {
    listed: listed.length + strays,
    ...counts,
    missingAtSource: unlisted.filter((id) => isMissing(standings.get(id))).length,
    artifacts: Object.fromEntries(artifacts),
    gaps: gaps.sort(),
  };
}

export const isMissing = (known: Known | undefined): boolean =>
  known?.standing.state === 'stored' && known.standing.isMissing;

/** Different kinds in one hour's books: the files of a provider that makes up names must not make a row without end. */
const mostKinds = 24;
const longestKind = 64;

type KindCounts = Map<string, Partial<Record<ArtifactState, number>>>;

function addArtifacts(counts: KindCounts, artifacts: readonly (readonly [string, ArtifactState])[]): void {
  for (const [kind, state] of artifacts) {
    const states = counts.get(kind) ?? {};
    if (!counts.has(kind) && (kind.length > longestKind || counts.size >= mostKinds)) continue;
    states[state] = (states[state] ?? 0) + 1;
    counts.set(kind, states);
  }
}

/** How a stored conversation stands in the books. Files count by their kind, since each may have a key of its own. */
export function standingOf({ source, artifacts, files }: StoredConversation): Standing {
  const kinds = new Map(files.map(({ key, kind }) => [key, kind]));
  const nameOf = (kind: string): string => {
    const key = mediaKeyOf(kind);
    return key === null ? kind : mediaArtifact(kinds.get(key) ?? key);
  };
  const states = Object.entries(artifacts).map(([kind, { state }]) => [nameOf(kind), state] as const);
  return { state: 'stored', isMissing: source === 'missing', artifacts: states };
}

/** When a conversation is listed by the ledger's stamp (milliseconds since 1970); null where it has none. */
export function stampOf(conversation: StoredConversation, stamp: LedgerStamp): number | null {
  const text = conversation[stamp];
  return text === null ? null : parseInstant(text);
}

/** What is listed and neither stored nor quarantined, erased or expired. */
export const gapCount = (books: Pick<Books, 'listed' | 'stored' | 'quarantined' | 'erased' | 'expired'>): number =>
  books.listed - books.stored - books.quarantined - books.erased - books.expired;
