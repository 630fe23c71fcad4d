import * as z from 'zod';
import { PermissionMissing, ResponseInvalid } from '#shared/domain/errors.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import type { Answer, Detail, JsonAnswer, PendingReference, Session } from '../connector.ts';
import { namedSchema } from './schema.ts';

/** The most that one question by ids takes (design.md section 4). */
export const mostIds = 50;

export const conversationsPath = '/v1/conversations';

const batchSchema = z.object({ conversations: z.array(z.unknown()) });

type Told = { records: ReadonlyMap<string, unknown>; content: boolean; sentAt: number };

/** Records with their transcripts, by external id. Asked for by uuid, which follows from the id and is short. */
async function fetchByIds(session: Session, externalIds: readonly string[]): Promise<Told> {
  const ids = ['ids', [...new Set(externalIds.map(conversationUuid))].join(',')] as const;
  try {
    return toldBy(await session.getJson(conversationsPath, [ids, ['include', 'transcript']]), true);
  } catch (error) {
    if (!(error instanceof PermissionMissing)) throw error;
    return toldBy(await session.getJson(conversationsPath, [ids]), false);
  }
}

function toldBy({ body, sentAt }: JsonAnswer, content: boolean): Told {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) throw new ResponseInvalid('expected {conversations}');
  const named = parsed.data.conversations.flatMap((record) => {
    const { data } = namedSchema.safeParse(record);
    return data ? [[data.id, record] as const] : [];
  });
  return { records: new Map(named), content, sentAt };
}

/** The detail that a record's own transcript field makes; the record is the one that was asked for. */
function detailOf(record: unknown, content: boolean): Detail {
  if (!content) return { refused: 'permissionMissing' };
  const transcript = typeof record === 'object' && record !== null ? Reflect.get(record, 'transcript') : null;
  return { transcript: transcript ?? null };
}

const readySchema = z.object({ artifacts: z.object({ transcript: z.object({ state: z.literal('ready') }) }) });

/** The transcripts of listed records. Only those that have one are asked for. */
export async function fetchDetails(session: Session, listed: readonly unknown[]): Promise<Detail[]> {
  // One that cannot even be named is quarantined behind this, and takes no other along.
  const ids = listed.map((record) => namedSchema.safeParse(record).data?.id ?? null);
  const wanted = ids.filter((id, i): id is string => id !== null && readySchema.safeParse(listed[i]).success);
  if (wanted.length === 0) return listed.map(() => ({ transcript: null }));
  const { records, content } = await fetchByIds(session, wanted);
  return ids.map((id) =>
    id !== null && wanted.includes(id) ? detailOf(records.get(id), content) : { transcript: null },
  );
}

/** The same records again, whole; null for one that the other Earshot no longer has. */
export async function fetchAgain(
  session: Session,
  asked: readonly Pick<PendingReference, 'externalId'>[],
): Promise<readonly (Answer | null)[]> {
  const { records, content, sentAt } = await fetchByIds(
    session,
    asked.map(({ externalId }) => externalId),
  );
  return asked.map(({ externalId }) => {
    const listed = records.get(externalId);
    return listed === undefined ? null : { listed, detail: detailOf(listed, content), sentAt };
  });
}
