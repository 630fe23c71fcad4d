import type { ArtifactFinding } from './artifact.ts';
import type { Content } from './conversation.ts';
import type { Transcript } from './transcript.ts';

/** What a provider said of one conversation in one go, in our words. */
export type Observation = {
  /** the provider's own last-change stamp as received, or null where it gives none */
  stamp: string | null;
  /** when the request was sent, by our clock: the order where there is no stamp */
  sentAt: number;
  content: Content;
  transcript: Transcript | null;
  artifacts: Readonly<Record<string, ArtifactFinding>>;
};
