import type { Window } from '#shared/domain/checkpoint.ts';
import type { Answer, Session, Stream } from '#shared/providers/connector.ts';

export type Walk = { records: unknown[]; pages: number; cursors: string[] };

/** Reads a window to its end as the engine does: page after page by cursor, each cursor only once. */
export async function walkWindow(
  stream: Stream,
  session: Session,
  window: Window,
  onPage: (pages: number) => void = () => {},
): Promise<Walk> {
  const walk: Walk = { records: [], pages: 0, cursors: [] };
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Stream['fetchPage']>> = await stream.fetchPage(session, window, cursor);
    walk.records.push(...page.records);
    walk.pages += 1;
    if (page.next !== null) {
      if (walk.cursors.includes(page.next)) throw new Error('the same cursor again');
      walk.cursors.push(page.next);
    }
    cursor = page.next;
    onPage(walk.pages);
  } while (cursor !== null);
  return walk;
}

/** A listed record with its details, as the engine asks for them. */
export async function answerFor(stream: Stream, session: Session, listed: unknown): Promise<Answer> {
  const detail = stream.fetchDetail ? await stream.fetchDetail(session, listed) : null;
  return { listed, detail, sentAt: 0 };
}
