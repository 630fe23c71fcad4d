import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { writeAddress } from '../address/address.ts';
import { readFilters } from '../address/filters.ts';
import type { Conversation, Transcript } from '../api/answers.ts';
import { can } from '../api/session.ts';
import { list } from '../conversations/list-store.ts';
import { Empty, Failure, Waiting } from '../parts/notes.tsx';
import { titleOf } from '../words/words.ts';
import { Artifacts } from './artifacts.tsx';
import { Documents } from './documents.tsx';
import { Facts } from './facts.tsx';
import { Files } from './files.tsx';
import { Categories, Summary, TalkTime } from './insights.tsx';
import { type Playback, Player } from './player.tsx';
import { SentimentPanel } from './sentiment-panel.tsx';
import { Turns } from './turns.tsx';
import { useConversation } from './use-conversation.ts';
import { Versions } from './versions.tsx';
import { turnAt } from './window.ts';

/** Everything of one conversation. */
export function ConversationView({ id }: { id: string }) {
  const { conversation, versions, transcript, error, again } = useConversation(id);
  useEffect(() => {
    if (conversation) document.title = `${titleOf(conversation)} · Earshot`;
  }, [conversation]);
  const hasWords = can('content') || (conversation !== null && mayPlay(conversation));
  const back = writeAddress({ view: 'conversations', filters: readFilters(new URLSearchParams(list.value.query)) });
  return (
    <article class="one">
      <a class="back" href={back}>
        ← Conversations
      </a>
      {error?.status === 404 && !conversation ? (
        <Empty title="There is no such conversation.">
          <p>It may have been erased, or belong to a connection that this client may not see.</p>
        </Empty>
      ) : (
        <Failure error={error} again={again} />
      )}
      {!conversation && !error && <Waiting lines={8} label="The conversation is being read" />}
      {conversation && (
        <>
          <Facts conversation={conversation} />
          <div class={`one-body${hasWords ? '' : ' is-alone'}`}>
            {hasWords && <Spoken conversation={conversation} transcript={transcript} />}
            <aside class="panels" aria-label="About this conversation">
              {can('content') && <Summary conversation={conversation} />}
              <SentimentPanel conversation={conversation} />
              <TalkTime conversation={conversation} />
              <Categories conversation={conversation} />
              <Artifacts conversation={conversation} />
              <Files conversation={conversation} />
              <Versions versions={versions} />
              <Documents conversation={conversation} />
            </aside>
          </div>
        </>
      )}
    </article>
  );
}

/** Recording and transcript, which lead each other. */
function Spoken({ conversation, transcript }: { conversation: Conversation; transcript: Transcript | null }) {
  const playback = useRef<Playback | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const timed = useMemo(() => timedTurns(transcript), [transcript]);
  const place = at === null ? null : turnAt(timed.starts, at);
  const playing = place === null ? null : (timed.indexes[place] ?? null);
  const canPlay = mayPlay(conversation);
  return (
    <section class="spoken" aria-label="What was said">
      {canPlay && <Player conversation={conversation} playback={playback} onTime={setAt} />}
      <Turns
        conversation={conversation}
        transcript={transcript}
        playing={playing}
        onSeek={canPlay ? (ms) => playback.current?.playFrom(ms) : null}
      />
    </section>
  );
}

const mayPlay = ({ media }: Conversation): boolean =>
  can('media') && media.some(({ contentType }) => /^(audio|video)\//.test(contentType));

/** The turns whose start is known, in its order. */
function timedTurns(transcript: Transcript | null): { starts: number[]; indexes: number[] } {
  const turns = (transcript?.utterances ?? [])
    .flatMap(({ startMs }, index) => (startMs === null ? [] : [{ startMs, index }]))
    .sort((a, b) => a.startMs - b.startMs);
  return { starts: turns.map(({ startMs }) => startMs), indexes: turns.map(({ index }) => index) };
}
