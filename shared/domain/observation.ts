import type { ArtifactFinding } from './artifact.ts';
import type { Content } from './conversation.ts';
import type { ListedFile } from './media.ts';
import type { Transcript } from './transcript.ts';

/** What a provider said of one conversation in one go, in our words. */
export type Observation = {
  /** the provider's own last-change stamp as received, or null where it gives none */
  stamp: string | null;
  /** when the request was sent, by our clock: the order where there is no stamp */
  sentAt: number;
  /**
   * What it speaks of: the whole record; the record as a list shows it, without the details; or single artifacts of a
   * record that is known, whose other fields stay as they are.
   */
  scope: 'whole' | 'listing' | 'artifacts';
  content: Content;
  transcript: Transcript | null;
  artifacts: Readonly<Record<string, ArtifactFinding>>;
  /** files that the provider says it has */
  files: readonly ListedFile[];
};
