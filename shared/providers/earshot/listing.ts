import * as z from 'zod';
import type { Window } from '#shared/domain/checkpoint.ts';
import { RequestRejected, ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { JsonAnswer, LedgerPage, Page, Session } from '../connector.ts';
import { instantMs } from '../field-values.ts';
import { fieldsOf } from '../fields-of.ts';
import { ledgerPage } from '../ledger-page.ts';
import { conversationsPath } from './client.ts';
import { identify } from './normalize.ts';
import { type Position, readPosition, writePosition } from './position.ts';

/** The largest page (design.md section 4). */
const pageSize = '100';

const pageSchema = z.object({ conversations: z.array(z.unknown()), nextCursor: z.string().nullable() });

type Query = readonly (readonly [string, string])[];

/** What a window is listed by: the stamp of a record, and the question for those from an instant on. */
type Order = { stamp: 'updatedAt' | 'startedAt'; query: (since: string, window: Window) => Query };

const inOrder = (stamp: string): Query => [
  ['sort', stamp],
  ['order', 'asc'],
  ['limit', pageSize],
];

/** Without an upper end, for a list by change has none; what lies behind the window is left out here. */
const byChange: Order = {
  stamp: 'updatedAt',
  query: (since) => [['updatedSince', since], ...inOrder('updatedAt')],
};

/** A record without a start stands in no window. */
const byStart: Order = {
  stamp: 'startedAt',
  query: (since, { to }) => [['startedFrom', since], ['startedTo', formatInstant(to)], ...inOrder('startedAt')],
};

async function pageBy({ stamp, query }: Order, session: Session, window: Window, cursor: string | null): Promise<Page> {
  const position = readPosition(cursor);
  const answer = await askFrom(session, (since) => query(since, window), window, position);
  const parsed = pageSchema.safeParse(answer.body);
  if (!parsed.success) throw new ResponseInvalid('expected {conversations, nextCursor}');
  const { conversations, nextCursor } = parsed.data;
  const stampOf = (record: unknown): number | null => {
    const text = fieldsOf(record)[stamp];
    return typeof text === 'string' ? instantMs(text) : null;
  };
  const inside = conversations.filter((record) => (stampOf(record) ?? window.from) < window.to);
  const last = conversations.map(stampOf).findLast((ms) => ms !== null);
  const since = last === undefined || last === null ? position?.since : formatInstant(last);
  const ended = nextCursor === null || (last ?? 0) >= window.to;
  return {
    records: inside,
    next: ended ? null : writePosition({ cursor: nextCursor, since: since ?? formatInstant(window.from) }),
    servedAt: answer.servedAt,
    sentAt: answer.sentAt,
  };
}

/** The page at a position. A cursor that is no longer taken is replaced by the stamp of the last row. */
async function askFrom(
  session: Session,
  query: (since: string) => Query,
  window: Window,
  position: Position | null,
): Promise<JsonAnswer> {
  const from = formatInstant(window.from);
  if (position === null) return session.getJson(conversationsPath, query(from));
  try {
    return await session.getJson(conversationsPath, [...query(from), ['cursor', position.cursor]]);
  } catch (error) {
    if (!(error instanceof RequestRejected && error.status === 400)) throw error;
    return session.getJson(conversationsPath, query(position.since));
  }
}

/** One page of the changes in a window, in the order in which the other Earshot wrote them. */
export const fetchPage = (session: Session, window: Window, cursor: string | null): Promise<Page> =>
  pageBy(byChange, session, window, cursor);

/** One page of what began in a window. */
export const fetchSpan = (session: Session, window: Window, cursor: string | null): Promise<Page> =>
  pageBy(byStart, session, window, cursor);

/** The same by names. */
export const fetchLedger = async (session: Session, window: Window, cursor: string | null): Promise<LedgerPage> =>
  ledgerPage(await fetchSpan(session, window, cursor), window, { identify, field: 'startedAt' });
