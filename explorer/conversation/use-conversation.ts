import { useRef, useState } from 'preact/hooks';
import type { Conversation, Transcript, Version } from '../api/answers.ts';
import { type AskFailed, ask, askAgain, conversationPath } from '../api/ask.ts';
import { can } from '../api/session.ts';
import { useLive } from '../api/use-live.ts';

const everyMs = 5_000;

/** A conversation as it is known by now; the parts that are still on their way are null. */
export type Opened = {
  conversation: Conversation | null;
  versions: readonly Version[] | null;
  transcript: Transcript | null;
  error: AskFailed | null;
  again: () => void;
};

type Known = {
  etag: string | null;
  /** the version whose transcript is at hand; 0 for none */
  transcriptOf: number;
};

/**
 * Follows one conversation. Its record costs a 304 while it stays as it is; its history is asked for with each new version,
 * and its transcript, whose readings are noted, only where a version has changed it.
 */
export function useConversation(id: string): Opened {
  const [conversation, setConversation] = useState<Conversation | null>(null);
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const known = useRef<Known>({ etag: null, transcriptOf: 0 });
  const live = useLive(id, everyMs, async (signal) => {
    const now = known.current;
    const answer = await askAgain<Conversation>(conversationPath(id), { etag: now.etag, signal });
    if (!answer) return;
    const { value } = answer;
    setConversation(value);
    const history = await ask<{ versions: Version[] }>(conversationPath(id, '/history'), { signal });
    setVersions(history.versions);
    if (value.artifacts['transcript']?.state === 'ready' && can('content')) {
      if (isTranscriptNew(now.transcriptOf, history.versions)) {
        setTranscript(await ask<Transcript>(conversationPath(id, '/transcript'), { signal }));
        now.transcriptOf = value.version;
      }
    }
    // Behind the rest: what was broken off is asked for again as a whole.
    now.etag = answer.etag;
  });
  return { conversation, versions, transcript, ...live };
}

/** Whether a version since the one at hand has changed the transcript; where that is not known, it has. */
function isTranscriptNew(transcriptOf: number, versions: readonly Version[]): boolean {
  if (transcriptOf === 0) return true;
  const since = versions.filter(({ version }) => version > transcriptOf);
  return since.length === 0 || since.some(({ changed }) => changed.includes('transcript'));
}
