import * as z from 'zod';
import { NotAtProvider, PermissionMissing, ProviderUnavailable, ResponseInvalid } from '#shared/domain/errors.ts';
import type { Session } from '../connector.ts';
import { guidForm } from './guid.ts';

/** GUIDs of one request (docs: newvoicemedia.atlassian.net/wiki/spaces/VCCA/pages/3565192829). */
export const mostGuids = 50;

/** A well-formed GUID of no call: whether the analyzer answers for it tells a failing provider from failing records. */
const nobody = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

const itemSchema = z.looseObject({ guid: z.string() });
type Item = z.output<typeof itemSchema>;

/** What the analyzer said of one interaction. Nothing: it is not ready, not fit to be sent, or the analyzer fails for it. */
export type AnalysisDetail = { analysis?: Item; refused?: 'permissionMissing' };

/** What it said of each that was asked for, by GUID in lower case. */
export type Analyses = (guid: string) => AnalysisDetail;

/** The items by GUID: neither the order of the answer nor what stands in it is documented. */
async function askOnce(session: Session, guids: readonly string[]): Promise<Map<string, Item>> {
  const query = [
    ['calls', guids.join(',')],
    ['transcript', 'true'],
  ] as const;
  const { body } = await session.getJson('/conversation-analyzer/interactions', query);
  if (!Array.isArray(body)) throw new ResponseInvalid('analyses are not [...]');
  const items = body.flatMap((item) => itemSchema.safeParse(item).data ?? []);
  return new Map(items.map((item) => [guidForm(item.guid), item]));
}

/** What a batch may fail with because of one of its GUIDs: 404, and 500 for good. All else says nothing of a record. */
function batchFault(error: unknown): NotAtProvider | ProviderUnavailable {
  if (error instanceof NotAtProvider) return error;
  if (error instanceof ProviderUnavailable && error.status === 500) return error;
  throw error;
}

/**
 * The analyses of these GUIDs, in lower case and at most `mostGuids`, in one request. An account whose analyzer is off is
 * refused for all of them. Throws the other errors of domain/errors.
 */
export async function askAnalyses(session: Session, guids: readonly string[]): Promise<Analyses> {
  const asked = [...new Set(guids)];
  try {
    const told = await askInHalves(session, asked);
    return (guid) => {
      const analysis = told.get(guid);
      return analysis ? { analysis } : {};
    };
  } catch (error) {
    if (!(error instanceof PermissionMissing)) throw error;
    return (guid) => (asked.includes(guid) ? { refused: 'permissionMissing' } : {});
  }
}

/**
 * A batch that fails as a whole is asked for in halves, level by level: for k culprits of n at most 2 + 2k⌈log2 n⌉
 * requests, and never more than 2n. Where both halves fail with 500, `nobody` is asked for too, so that an outage costs
 * four requests. A single GUID with 404 is not ready; one with 500 is set aside, unless all are: then it is the provider,
 * and ProviderUnavailable is thrown.
 */
async function askInHalves(session: Session, guids: readonly string[]): Promise<Map<string, Item>> {
  const batches: string[][] = guids.length > 0 ? [[...guids]] : [];
  const told = new Map<string, Item>();
  let alive = false;
  let setAside = 0;
  // Grows while it is walked.
  for (const [i, batch] of batches.entries()) {
    const answer = await askOnce(session, batch).catch(batchFault);
    if (answer instanceof ProviderUnavailable) {
      if (batch.length === 1 && ++setAside === guids.length) throw answer;
      if (i === 2 && !alive) await expectAlive(session, answer);
    } else alive = true;
    if (answer instanceof Error) batches.push(...halvesOf(batch));
    else for (const [guid, item] of answer) told.set(guid, item);
  }
  return told;
}

function halvesOf(batch: readonly string[]): string[][] {
  const middle = Math.ceil(batch.length / 2);
  return batch.length === 1 ? [] : [batch.slice(0, middle), batch.slice(middle)];
}

/** Throws the fault of the batches where a GUID of no call fails too. */
async function expectAlive(session: Session, fault: ProviderUnavailable): Promise<void> {
  const answer = await askOnce(session, [nobody]).catch(batchFault);
  if (answer instanceof ProviderUnavailable) throw fault;
}
