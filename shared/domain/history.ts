import type { ArtifactKind } from './artifact.ts';
import type { StoredConversation } from './conversation.ts';
import { formatInstant } from './instant.ts';
import { mediaArtifact, mediaKeyOf } from './media.ts';

/** Why a version came: from which lane, by a webhook, or made anew of the raw answers. */
export const causes = ['poll', 'webhook', 'recheck', 'backfill', 'reprocess'] as const;
export type Cause = (typeof causes)[number];

/** One version: when it was written, why, and in what it differs from the one before (`changesBetween`). */
export type HistoryEntry = { version: number; at: string; cause: Cause; changed: readonly string[] };

/**
 * What is kept of the versions: the newest so many entries, and so many characters, since an item is billed by the started
 * KB with every write.
 */
const most = { entries: 200, characters: 16 * 1024 };

/**
 * As text, newest first, `;` between entries, whose versions follow one upon the other. An entry is a letter for the cause,
 * the bits of the names that every conversation may have, and the names of files. The newest, which is all that most items
 * have, is shorter: its files are numbers in the order of its record's artifacts, and its time is the record's.
 */
const letters: Readonly<Record<Cause, string>> = {
  poll: 'p',
  webhook: 'w',
  recheck: 'c',
  backfill: 'b',
  reprocess: 'r',
};

/** A name's place is its bit, for ever: a new one stands at the end. */
const names: readonly (keyof StoredConversation | ArtifactKind)[] = [
  'channel',
  'direction',
  'status',
  'title',
  'language',
  'startedAt',
  'endedAt',
  'durationMs',
  'providerCreatedAt',
  'providerUpdatedAt',
  'participants',
  'sentiment',
  'categories',
  'talkTime',
  'summary',
  'metadata',
  'id',
  'uuid',
  'provider',
  'connection',
  'externalId',
  'source',
  'media',
  'transcript',
];

/** A conversation with what is kept of its versions. */
type Kept = { conversation: StoredConversation; history: string };

/**
 * The text with one more version: `previous` is the one that it follows, null for the first. Without a cause of its own it
 * has that of the version before: a file's copy came because that version brought the file.
 */
export function extendHistory(
  previous: Kept | null,
  next: { conversation: StoredConversation; cause: Cause | undefined; changed: readonly string[] },
): string {
  const known = previous ? readHistory(previous) : [];
  const cause = next.cause ?? known.at(-1)?.cause ?? 'poll';
  const newest = [`${letters[cause]}${bitsOf(next.changed)}`, ...fileNumbers(next)];
  let text = newest.join(',');
  for (const entry of known
    .toReversed()
    .slice(0, most.entries - 1)
    .map(writeOlder)) {
    if (text.length + entry.length >= most.characters) break;
    text += `;${entry}`;
  }
  return text;
}

/** The versions that are known of, oldest first; none of an item of the first layout. */
export function readHistory({ conversation, history }: Kept): HistoryEntry[] {
  if (history === '') return [];
  const { version, updatedAt } = conversation;
  const files = fileKeys(conversation);
  return history
    .split(';')
    .map((entry, i): HistoryEntry => {
      const [head = '', ...rest] = entry.split(',');
      const [bits = '', at] = head.slice(1).split('@');
      const keys =
        at === undefined
          ? rest.map((number) => files[Number.parseInt(number, 36)] ?? '')
          : rest.map(decodeURIComponent);
      return {
        version: version - i,
        at: at === undefined ? updatedAt : formatInstant(Number.parseInt(at, 36)),
        cause: causes.find((cause) => letters[cause] === head[0]) ?? 'poll',
        changed: [...namesOf(Number.parseInt(bits, 36)), ...keys.map(mediaArtifact)].sort(),
      };
    })
    .toReversed();
}

function writeOlder({ at, cause, changed }: HistoryEntry): string {
  const head = `${letters[cause]}${bitsOf(changed)}@${Date.parse(at).toString(36)}`;
  return [head, ...keysIn(changed).map((key) => encodeURIComponent(key.toWellFormed()))].join(',');
}

/** The places of the changed files among the record's. */
function fileNumbers({
  conversation,
  changed,
}: {
  conversation: StoredConversation;
  changed: readonly string[];
}): string[] {
  const keys = keysIn(changed);
  if (keys.length === 0) return [];
  const places = fileKeys(conversation);
  return keys.flatMap((key) => (places.includes(key) ? [places.indexOf(key).toString(36)] : []));
}

const fileKeys = ({ artifacts }: StoredConversation): string[] => keysIn(Object.keys(artifacts).sort());
const keysIn = (changed: readonly string[]): string[] => changed.flatMap((name) => mediaKeyOf(name) ?? []);

/** What a name adds to the sum of an entry, in which it stands once. */
const weights: ReadonlyMap<string, number> = new Map(names.map((name, place) => [name, 2 ** place]));

const bitsOf = (changed: readonly string[]): string =>
  changed.reduce((sum, name) => sum + (weights.get(name) ?? 0), 0).toString(36);
const namesOf = (sum: number): readonly string[] => names.filter((_, place) => Math.floor(sum / 2 ** place) % 2 === 1);
