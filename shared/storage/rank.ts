import type { StoredConversation } from '#shared/domain/conversation.ts';

/** What a list without an index of its own is sorted by: both whole numbers of milliseconds, not negative. */
export type RankedBy = 'durationMs' | 'updatedAt';

/** A conversation's place in such a list. */
export type Rank = { value: number | null; uuid: string };

/** Where a list stands that is sorted by a scan (rank-conversations.ts). */
export type RankPosition = {
  /** key of the last row looked at; null where the scan begins anew */
  scanned: string | null;
  /** places on the page for which the scan was begun */
  limit: number;
  /** the last that earlier pages gave */
  behind: Rank | null;
  /** the first behind it of what was looked at, in order: at most one more than the page takes */
  best: readonly Rank[];
};

export const rankOf = (conversation: StoredConversation, by: RankedBy): Rank => ({
  value: by === 'durationMs' ? conversation.durationMs : Date.parse(conversation.updatedAt),
  uuid: conversation.uuid,
});

/** Negative where `a` comes first: by value, then by uuid, nulls last in both orders. */
export function compareRanks(a: Rank, b: Rank, order: 'asc' | 'desc'): number {
  if ((a.value === null) !== (b.value === null)) return a.value === null ? 1 : -1;
  const sign = order === 'asc' ? 1 : -1;
  if (a.value !== b.value) return sign * ((a.value ?? 0) - (b.value ?? 0));
  return a.uuid === b.uuid ? 0 : sign * (a.uuid < b.uuid ? -1 : 1);
}

/** 16 bytes of a uuid in base64. */
const idLength = 22;

/** A position as text without blanks: about 30 characters for each of its ranks, so that a cursor holds 100. */
export function writeRankPosition({ scanned, limit, behind, best }: RankPosition): string {
  const ranks = [...(behind ? [behind] : []), ...best].map(writeRank);
  return [scanned ?? '', limit, behind ? 'behind' : '', ...ranks].join(',');
}

/** The position that `writeRankPosition` wrote. */
export function readRankPosition(text: string): RankPosition {
  const [scanned = '', limit = '1', behind = '', ...rest] = text.split(',');
  const ranks = rest.map(readRank);
  const [first = null, ...others] = ranks;
  return {
    scanned: scanned === '' ? null : scanned,
    limit: Number(limit),
    ...(behind === '' ? { behind: null, best: ranks } : { behind: first, best: others }),
  };
}

const writeRank = ({ value, uuid }: Rank): string =>
  `${Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')}${value?.toString(36) ?? ''}`;

function readRank(text: string): Rank {
  const hex = Buffer.from(text.slice(0, idLength), 'base64url').toString('hex');
  const value = text.slice(idLength);
  return {
    value: value === '' ? null : Number.parseInt(value, 36),
    uuid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
}
