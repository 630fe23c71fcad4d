import type { Window } from '#shared/domain/checkpoint.ts';
import { NotAtProvider, PermissionMissing, RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer, Detail, LedgerPage, Page, PendingReference, Session } from '../connector.ts';
import { stampOrder } from '../field-values.ts';
import { ledgerPage } from '../ledger-page.ts';
import { pathSegment } from '../path-segment.ts';
import { readRecord } from '../read-record.ts';
import { pageCost, pageSize, readList, readOne } from './list-answer.ts';
import { byChange, byCreation, queryAt, stepBehind } from './list-plan.ts';
import { identify } from './normalize.ts';
import { readPosition, writePosition } from './position.ts';
import { essentialsSchema, type Refusal, rowEssentials, rowSchema } from './schema.ts';

type AskPage = (session: Session, window: Window, cursor: string | null) => Promise<Page>;

/** One page of the walk through a window in an order (list-plan.ts). */
const pageBy =
  (order: typeof byChange): AskPage =>
  async (session, window, cursor) => {
    const position = readPosition(cursor);
    const { body, servedAt, sentAt } = await session.getJson('/conversations', queryAt(order, window, position));
    const { fresh, next } = stepBehind(order, position, readList(body));
    return { records: fresh, next: next && writePosition(next), servedAt, sentAt };
  };

export const fetchPage = pageBy(byChange);
export const fetchSpan = pageBy(byCreation);

/** The same walk along creation. */
export const fetchLedger = async (session: Session, window: Window, cursor: string | null): Promise<LedgerPage> =>
  ledgerPage(await fetchSpan(session, window, cursor), window, { identify, field: 'created_at' });

/** What `ask` brings, or why the provider will not give it. All other errors go up: they say nothing of the record. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<{ given: T } | { refused: Refusal }> {
  try {
    return { given: await ask() };
  } catch (error) {
    if (error instanceof PermissionMissing) return { refused: 'permissionMissing' };
    if (error instanceof NotAtProvider) return { refused: 'notFound' };
    throw error;
  }
}

async function fetchExtensive(session: Session, id: string) {
  const { body, sentAt } = await session.getJson(`/conversations/${pathSegment('id', id)}/extensive`);
  return { extensive: readOne(body), sentAt };
}

/** Ten hours of speech have about 5,000 sentences; beyond this the answer is taken for a loop. */
const mostSentencePages = 500;

async function fetchSentences(session: Session, transcription: string): Promise<unknown[]> {
  const path = `/transcriptions/${pathSegment('transcription.id', transcription)}/sentences`;
  const sentences: unknown[] = [];
  for (let page = 1; page <= mostSentencePages; page++) {
    const query = [
      ['per_page', String(pageSize)],
      ['page', String(page)],
    ] as const;
    const answer = readList((await session.getJson(path, query, pageCost(page))).body);
    if (answer.page !== null && answer.page !== page) break;
    for (const row of answer.rows) sentences.push(row);
    if (answer.last) return sentences;
  }
  throw new RecordInvalid(['sentences: expected pages that come to an end']);
}

/** The id of the transcription that a row or an extensive answer names. */
function transcriptionOf(record: unknown): string | null {
  const reference = typeof record === 'object' && record !== null ? Reflect.get(record, 'transcription') : null;
  const id = typeof reference === 'object' && reference !== null ? Reflect.get(reference, 'id') : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

type Extensive = { extensive?: unknown; refused?: Refusal };

/** The details of a record whose extensive answer is had or refused: its sentences, where a transcription is named. */
async function withSentences(session: Session, listed: unknown, { extensive, refused }: Extensive): Promise<Detail> {
  const found = extensive === undefined ? {} : { extensive };
  const refusedExtensive = refused === undefined ? {} : { extensive: refused };
  const transcription = transcriptionOf(extensive) ?? transcriptionOf(listed);
  if (transcription === null) return { ...found, refused: refusedExtensive };
  const asked = await unlessRefused(() => fetchSentences(session, transcription));
  if ('given' in asked) return { ...found, sentences: asked.given, refused: refusedExtensive };
  return { ...found, refused: { ...refusedExtensive, sentences: asked.refused } };
}

/**
 * `/extensive`, then the sentences of the transcription where there is one. Throws RecordInvalid for a row without its
 * essentials: it will be quarantined, so its details would be asked for in vain.
 */
export async function fetchDetail(session: Session, listed: unknown): Promise<Detail> {
  const { id } = readRecord(essentialsSchema, listed, { drift: new Set(), essential: rowEssentials });
  const asked = await unlessRefused(() => fetchExtensive(session, id));
  return withSentences(session, listed, 'given' in asked ? asked.given : asked);
}

/** What a list row would say, out of an extensive answer; null where a copy of it leaves out the stamp. */
function rowOf(extensive: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  if (stampOrder(extensive['updated_at']) === null) return null;
  return Object.fromEntries(Object.entries(extensive).filter(([field]) => field in rowSchema.shape));
}

/** The same conversation again: its extensive answer also stands for the row. Null where Salesloft no longer has it. */
export async function fetchAgain(
  session: Session,
  { externalId }: Pick<PendingReference, 'externalId'>,
): Promise<Answer | null> {
  const asked = await unlessRefused(() => fetchExtensive(session, externalId));
  const row = 'given' in asked ? rowOf(asked.given.extensive) : null;
  if ('given' in asked && row) {
    const { extensive, sentAt } = asked.given;
    return { listed: row, detail: await withSentences(session, row, { extensive }), sentAt };
  }
  if ('refused' in asked && asked.refused === 'notFound') return null;
  const single = await unlessRefused(() => session.getJson(`/conversations/${pathSegment('id', externalId)}`));
  if ('refused' in single) return null;
  const listed = readOne(single.given.body);
  const extensive = 'given' in asked ? asked.given : asked;
  return { listed, detail: await withSentences(session, listed, extensive), sentAt: single.given.sentAt };
}
