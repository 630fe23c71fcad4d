import { afterPage, type Lane, type Resume } from '#shared/domain/checkpoint.ts';
import { NotAtProvider, RequestRejected, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Page } from '#shared/providers/connector.ts';
import type { IngestContext } from './context.ts';
import { ingestPage, type PageResult } from './ingest-page.ts';

/** Pages of one window after which a chain is taken to be without end. */
export const pageLimit = 20_000;

export type PageOutcome = PageResult & { lane: Lane; servedAt: number };

/**
 * Reads and stores one page of a window and gives the lane behind it, to be saved by the caller. `seen` holds the
 * cursors of this run: a cursor that comes again is a loop.
 */
export async function readPage(
  context: IngestContext,
  lane: Lane,
  resume: Resume,
  seen: Set<string>,
): Promise<PageOutcome> {
  const { stream, session } = context;
  const page = await stream.fetchPage(session, resume, resume.cursor);
  if (page.next !== null) guardChain(page.next, resume, seen);
  const key = [context.cause ?? null, resume.from, resume.cursor];
  const result = await ingestPage(context, page, { key, at: lane.watermark });
  return { ...result, lane: afterPage(lane, resume, page), servedAt: page.servedAt };
}

/** Throws where a page's next leads back, or its chain has no end. */
export function guardChain(
  next: NonNullable<Page['next']>,
  resume: Pick<Resume, 'cursor' | 'pages'>,
  seen: Set<string>,
): void {
  if (seen.has(next) || next === resume.cursor)
    throw new ResponseInvalid('the provider gave the same cursor again: its pages loop');
  if (resume.pages >= pageLimit)
    throw new ResponseInvalid(`a window of more than ${pageLimit} pages: its pages have no end`);
  seen.add(next);
}

/** Whether the window's cursor may be at fault, so that the window must be begun again: the provider no longer takes it. */
export const isCursorFault = (error: unknown, resume: Resume | null): boolean =>
  resume !== null && resume.cursor !== null && (error instanceof RequestRejected || error instanceof NotAtProvider);
