import type { Window } from '#shared/domain/checkpoint.ts';
import type { Answer, LedgerPage, Session, Stream } from '#shared/providers/connector.ts';

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

/** Listed records with their details, as the engine asks for them: in the provider's own batches, or in smaller ones. */
export async function answersFor(
  stream: Stream,
  session: Session,
  listed: readonly unknown[],
  most = stream.details?.most ?? 1,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < listed.length; i += most) {
    const batch = listed.slice(i, i + most);
    const details = await stream.details?.fetch(session, batch);
    answers.push(...batch.map((record, n) => ({ listed: record, detail: details?.[n] ?? null, sentAt: 0 })));
  }
  return answers;
}

export type Books = { listed: LedgerPage['listed'][number][]; unreadable: number };

/** The ledger of a window: its pages to the end, each cursor only once. */
export async function walkLedger(
  { ledger }: Stream,
  session: Session,
  window: Window,
  onPage: (pages: number) => void = () => {},
): Promise<Books> {
  const books: Books = { listed: [], unreadable: 0 };
  const cursors = new Set<string | null>();
  let cursor: string | null = null;
  do {
    if (cursors.has(cursor)) throw new Error('the same cursor again');
    cursors.add(cursor);
    const page: LedgerPage = await ledger.fetchPage(session, window, cursor);
    books.listed.push(...page.listed);
    books.unreadable += page.unreadable;
    cursor = page.next;
    onPage(cursors.size);
  } while (cursor !== null);
  return books;
}
