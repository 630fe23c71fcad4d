import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Answer, Detail, Page, PendingReference, Session } from '../connector.ts';
import { nextCursor } from './next-cursor.ts';
import { identify, needsRecordings } from './normalize.ts';
import { fetchRecordings } from './recordings.ts';
import { identitySchema, pageSchema } from './schema.ts';

const second = 1_000;
const day = 86_400_000;
/**
 * An interval of the API is at most seven days wide (docs.talkdesk.com/docs/conversations-api). A minute less, because
 * whether exactly seven are still allowed is not said.
 */
export const widestWindowMs = 7 * day - 60 * second;

/** One page of the interval; its parameters stand beside the cursor too, since nothing says they need not. */
export async function fetchPage(session: Session, window: Window, cursor: string | null): Promise<Page> {
  const interval = [
    ['interaction_started', formatInstant(window.from)],
    ['interaction_ended', formatInstant(window.to)],
  ] as const;
  const query = cursor === null ? interval : [...interval, ['cursor', cursor] as const];
  const { body, servedAt, sentAt } = await session.getJson('/conversations/interactions', query);
  const parsed = pageSchema.safeParse(body);
  if (!parsed.success) throw new ResponseInvalid('page is not {"_embedded": {"interactions": [...]}, "_links"}');
  const next = nextCursor(parsed.data._links?.next);
  if (next !== null && next === cursor) throw new ResponseInvalid('a page of interactions names itself as the next');
  return { records: parsed.data._embedded.interactions, next, servedAt, sentAt };
}

/** A second of interactions has few pages; more are taken for a chain without end. */
const mostPages = 100;

async function findIn(session: Session, window: Window, externalId: string): Promise<Answer | null> {
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages; pages++) {
    const page: Page = await fetchPage(session, window, cursor);
    const listed = page.records.find((record) => isRecord(record, externalId));
    if (listed !== undefined) return { listed, detail: null, sentAt: page.sentAt };
    if (page.next === null) return null;
    cursor = page.next;
  }
  throw new ResponseInvalid(`more than ${mostPages} pages of interactions around one start`);
}

const isRecord = (record: unknown, externalId: string): boolean =>
  identitySchema.safeParse(record).success && identify(record).externalId === externalId;

/** The recordings of an interaction whose messages name none: they come from an API of their own. */
export async function fetchDetail(session: Session, listed: unknown): Promise<Detail> {
  if (session.connection.media === false || !needsRecordings(listed)) return {};
  return fetchRecordings(session, identify(listed).externalId);
}

/**
 * The same interaction again: there is no way to ask for one, so the interval around it is listed. Whether the interval
 * bounds starts alone or ends too is not documented, so it covers both; one without known end is looked for in the day
 * after its start as well. Null where it is not listed. Where only its recordings are awaited, only these are asked for.
 */
export async function fetchAgain(session: Session, reference: PendingReference): Promise<Answer | null> {
  const { externalId, open } = reference;
  if (open.every((kind) => kind.startsWith('media:'))) {
    const sentAt = session.now();
    return { listed: null, detail: await fetchRecordings(session, externalId), sentAt };
  }
  const found = await findListed(session, reference);
  return found && { ...found, detail: await fetchDetail(session, found.listed) };
}

/** The interaction in the interval around it, without its details. */
export async function findListed(session: Session, reference: Omit<PendingReference, 'open'>): Promise<Answer | null> {
  const { externalId, startedAt, endedAt } = reference;
  if (startedAt === null) return null;
  const start = Date.parse(startedAt);
  const end = Math.max(start, endedAt === null ? start : Date.parse(endedAt));
  const from = start - second;
  const near = { from, to: Math.min(end + second, from + widestWindowMs) };
  const found = await findIn(session, near, externalId);
  return found ?? (endedAt === null ? findIn(session, { from, to: start + day }, externalId) : null);
}
