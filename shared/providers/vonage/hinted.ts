import type { Hint } from '#shared/domain/delivery.ts';
import { NotAtProvider, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Answer, JsonAnswer, Session } from '../connector.ts';
import { askAnalyses } from './analyses.ts';
import { guidForm, guidOrNull } from './guid.ts';
import { contentPath } from './late-files.ts';
import { identitySchema } from './schema.ts';

/**
 * Whole interactions by their GUIDs: each is asked for as the list would show it, and the analyses of all that are there in
 * one request. Null where Interaction Content has nothing of it (404), whatever the analyzer knows: only what owns content
 * is ever listed, so without content there is no record yet.
 */
export async function fetchHinted(session: Session, hints: readonly Hint[]): Promise<(Answer | null)[]> {
  const listed = new Map<string, JsonAnswer>();
  for (const { externalId } of hints) {
    const answer = await fetchInteraction(session, externalId);
    if (answer) listed.set(externalId, answer);
  }
  const analysisOf = await askAnalyses(
    session,
    [...listed.keys()].flatMap((guid) => guidOrNull(guid) ?? []),
  );
  return hints.map(({ externalId }) => {
    const answer = listed.get(externalId);
    return answer ? { listed: answer.body, detail: analysisOf(externalId), sentAt: answer.sentAt } : null;
  });
}

async function fetchInteraction(session: Session, guid: string): Promise<JsonAnswer | null> {
  try {
    const answer = await session.getJson(contentPath(guid));
    const told = identitySchema.safeParse(answer.body).data;
    if (told && guidForm(told.guid) !== guid) throw new ResponseInvalid('another interaction than the one asked for');
    return answer;
  } catch (error) {
    if (error instanceof NotAtProvider) return null;
    throw error;
  }
}
