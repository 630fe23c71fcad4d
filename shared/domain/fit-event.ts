import type { ArtifactState } from './artifact.ts';
import type { ConversationData } from './events.ts';
import { mediaKeyOf } from './media.ts';

/**
 * Bytes of JSON that each of an event's two lists may have. Ids, links and the name of an artifact are bounded by the
 * lengths of external ids and media keys (512 characters each) and take 31 KB at most, so that an event stays under 64.
 */
const longestList = 16_384;

type Lists = Pick<ConversationData, 'changed' | 'artifacts' | 'truncated'>;

/** The two lists as far as an event holds them, and how many entries they lack. The same lists are always cut alike. */
export function fitLists(changed: readonly string[], artifacts: Readonly<Record<string, ArtifactState>>): Lists {
  const shownChanges = fitting(changed, (name) => name);
  const states = Object.entries(artifacts);
  const shownStates = fitting(states, ([kind]) => kind);
  const lack = { changed: changed.length - shownChanges.length, artifacts: states.length - shownStates.length };
  return {
    changed: shownChanges,
    artifacts: Object.fromEntries(shownStates),
    ...(lack.changed + lack.artifacts > 0 ? { truncated: lack } : {}),
  };
}

/** The entries that fit, in their order. Fixed kinds come before files, of which there may be hundreds. */
export function fitting<Entry>(entries: readonly Entry[], nameOf: (entry: Entry) => string): Entry[] {
  if (sizeOf(entries) <= longestList) return [...entries];
  const isFile = (entry: Entry): boolean => mediaKeyOf(nameOf(entry)) !== null;
  const chosen = new Set<Entry>();
  let bytes = sizeOf([]);
  for (const entry of [...entries.filter((one) => !isFile(one)), ...entries.filter(isFile)]) {
    bytes += sizeOf(entry) + 1;
    if (bytes > longestList) break;
    chosen.add(entry);
  }
  return entries.filter((entry) => chosen.has(entry));
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
