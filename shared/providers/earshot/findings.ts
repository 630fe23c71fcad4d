import { type ArtifactFinding, artifactKinds } from '#shared/domain/artifact.ts';
import type { Content } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { type Drift, note } from '../read-record.ts';
import { artifactSchema, type SourceDetail, type SourceRecord } from './schema.ts';

type Kind = (typeof artifactKinds)[number];
type Known = {
  record: SourceRecord;
  /** what could be read of the record */
  content: Content;
  detail: SourceDetail | null;
  transcript: Transcript | null;
  drift: Drift;
};

/** What the other Earshot says of each kind of artifact. Of a kind that it does not await there will be none. */
export function findingsOf(known: Known): Record<string, ArtifactFinding> {
  return Object.fromEntries(artifactKinds.map((kind) => [kind, findingOf(known, kind)]));
}

/** What is there is ready, whatever is said of it: a record and its states may be of two moments. */
function findingOf(known: Known, kind: Kind): ArtifactFinding {
  if (isThere(known, kind)) return { state: 'ready' };
  const { record, drift } = known;
  const told = record.artifacts?.[kind];
  if (told === undefined || told === null) return { state: 'absent', reason: 'notAtSource' };
  const parsed = artifactSchema.safeParse(told);
  if (!parsed.success) {
    note(drift, `artifacts.${kind}=<new>`);
    return { state: 'pending' };
  }
  const { state, reason } = parsed.data;
  if (state === 'ready') return notHere(known, kind);
  // There it is overdue: nobody has it yet, and it may still come.
  if (state === 'pending' || state === 'overdue') return { state: 'pending' };
  return reason ? { state, reason } : { state };
}

function isThere({ content, transcript }: Known, kind: Kind): boolean {
  if (kind === 'transcript') return transcript !== null;
  return kind === 'categories' ? content.categories.length > 0 : content[kind] !== null;
}

/** Ready there, and not in what we were given: not asked for, not allowed to be seen, or empty. */
function notHere({ record, detail }: Known, kind: Kind): ArtifactFinding {
  if (kind === 'categories') return { state: 'ready' };
  if (kind === 'summary' && record.summary === undefined) return { state: 'absent', reason: 'permissionMissing' };
  if (kind !== 'transcript') return { state: 'pending' };
  if (detail === null) return { state: 'pending', reason: 'notAsked' };
  return detail.refused ? { state: 'absent', reason: detail.refused } : { state: 'pending' };
}
