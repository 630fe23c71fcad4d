import type { Hint } from '#shared/domain/delivery.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer, Detail, Page, Session } from '../connector.ts';
import { fetchDetail, fetchPage, findListed } from './client.ts';
import { identify } from './normalize.ts';
import { identitySchema } from './schema.ts';

/** Looked for together in the same pages. */
export const mostHints = 50;

const hour = 3_600_000;
/**
 * Spans before now that are looked through, one after the other, for interactions of which the start is not known: a
 * delivery is mostly about one that has just ended. Each holds the one before, because whether an interval bounds starts
 * alone or ends too is not documented.
 */
const spans = [hour, 24 * hour];
/** Of one span. What lies behind them is left to the next poll. */
const mostPages = 20;

/** The interactions that are hinted at: there is no way to ask for one, so what was listed lately is looked through. */
export async function fetchHinted(session: Session, hints: readonly Hint[]): Promise<(Answer | null)[]> {
  const found = new Map<string, Answer>();
  for (const { externalId, startedAt } of hints) {
    const near = await findListed(session, { externalId, startedAt, endedAt: null });
    if (near) found.set(externalId, near);
  }
  for (const span of spans) await lookThrough(session, span, hints, found);
  const answers: (Answer | null)[] = [];
  for (const { externalId } of hints) {
    const answer = found.get(externalId);
    answers.push(answer ? { ...answer, detail: await detailOrNull(session, answer.listed) } : null);
  }
  return answers;
}

/** Null for a record that is not understood: it is quarantined as it came. */
async function detailOrNull(session: Session, listed: unknown): Promise<Detail | null> {
  try {
    return await fetchDetail(session, listed);
  } catch (error) {
    if (error instanceof RecordInvalid) return null;
    throw error;
  }
}

/** Looks for those that are not found yet, until all are. */
async function lookThrough(
  session: Session,
  span: number,
  hints: readonly Hint[],
  found: Map<string, Answer>,
): Promise<void> {
  const missing = new Set(hints.map(({ externalId }) => externalId).filter((id) => !found.has(id)));
  const now = session.now();
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages && missing.size > 0; pages++) {
    const page: Page = await fetchPage(session, { from: now - span, to: now }, cursor);
    for (const listed of page.records) {
      const id = identitySchema.safeParse(listed).success ? identify(listed).externalId : '';
      if (missing.delete(id)) found.set(id, { listed, detail: null, sentAt: page.sentAt });
    }
    if (page.next === null) return;
    cursor = page.next;
  }
}
