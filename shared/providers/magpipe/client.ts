import type { Window } from '#shared/domain/checkpoint.ts';
import { NotAtProvider, PermissionMissing, RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer, Detail, Page, PendingReference, Session } from '../connector.ts';
import { externalIdExpected } from '../field-schemas.ts';
import { questionAt, stepBehind } from './list-plan.ts';
import { readCall, readList } from './payload.ts';
import { readPosition, writePosition } from './position.ts';
import { identitySchema, rowSchema } from './schema.ts';

/** One page of the walk through a window (list-plan.ts). */
export async function fetchPage(session: Session, window: Window, cursor: string | null): Promise<Page> {
  const position = readPosition(cursor);
  const { body, servedAt, sentAt } = await session.postJson('/list-calls', questionAt(window, position));
  const { fresh, next } = stepBehind(position, readList(body));
  return { records: fresh, next: next && writePosition(next), servedAt, sentAt };
}

/** The page of get-call is headed GET, yet its server reads the id from the body, which only a POST has. */
export async function fetchCall(session: Session, id: string) {
  const { body, sentAt } = await session.postJson('/get-call', { call_id: id });
  return { call: readCall(body), sentAt };
}

/**
 * The whole call of a row, which carries no transcript, recording or metadata. Throws RecordInvalid for a row without an
 * id: it will be quarantined.
 */
export async function fetchDetail(session: Session, listed: unknown): Promise<Detail> {
  const parsed = identitySchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  try {
    return { call: (await fetchCall(session, parsed.data.id)).call };
  } catch (error) {
    if (error instanceof PermissionMissing) return { refused: 'permissionMissing' };
    if (error instanceof NotAtProvider) return { refused: 'notFound' };
    throw error;
  }
}

/** The same call again, which also stands for its row. Null where Magpipe no longer gives it. */
export async function fetchAgain(
  session: Session,
  { externalId }: Pick<PendingReference, 'externalId'>,
): Promise<Answer | null> {
  try {
    const { call, sentAt } = await fetchCall(session, externalId);
    const listed = Object.fromEntries(Object.entries(call).filter(([field]) => field in rowSchema.shape));
    return { listed, detail: { call }, sentAt };
  } catch (error) {
    if (error instanceof NotAtProvider || error instanceof PermissionMissing) return null;
    throw error;
  }
}
