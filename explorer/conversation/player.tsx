import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '../api/answers.ts';
import { AskFailed } from '../api/ask.ts';
import { Failure } from '../parts/notes.tsx';
import { fileName, sizeOf } from '../words/words.ts';
import { linkTo } from './media-link.ts';

/** What a transcript asks of the player. */
export type Playback = { playFrom: (ms: number) => void };

type Props = {
  conversation: Conversation;
  playback: RefObject<Playback | null>;
  /** milliseconds of the recording while it plays or is moved */
  onTime: (ms: number) => void;
};

type Media = Conversation['media'][number];

/** The recordings that a browser can play: one at a time, and nothing is fetched, or noted as read, before it is wanted. */
export function Player({ conversation, playback, onTime }: Props) {
  const files = conversation.media.filter(({ contentType }) => /^(audio|video)\//.test(contentType));
  const [key, setKey] = useState(files[0]?.key ?? '');
  const file = files.find((one) => one.key === key) ?? files[0];
  if (!file) return null;
  return (
    <div class="player">
      {files.length > 1 && (
        <fieldset class="tabs">
          <legend class="unseen">Recordings</legend>
          {files.map((one) => (
            <button
              key={one.key}
              type="button"
              class="plain"
              aria-pressed={one.key === file.key}
              onClick={() => setKey(one.key)}
            >
              <bdi>{fileName(one.key)}</bdi>
            </button>
          ))}
        </fieldset>
      )}
      <PlayedFile
        key={`${file.key} ${file.sha512}`}
        conversation={conversation}
        file={file}
        playback={playback}
        onTime={onTime}
      />
    </div>
  );
}

function PlayedFile({ conversation, file, playback, onTime }: Props & { file: Media }) {
  const element = useRef<HTMLMediaElement | null>(null);
  const [source, setSource] = useState<string | null>(null);
  const [error, setError] = useState<AskFailed | null>(null);
  /** where to go on once the bytes are there, in seconds */
  const wanted = useRef(0);
  const open = async () => {
    setError(null);
    try {
      setSource(await linkTo(conversation.id, file.key));
    } catch (failure) {
      setError(failure instanceof AskFailed ? failure : new AskFailed(0, String(failure)));
    }
  };
  const playFrom = (ms: number) => {
    wanted.current = ms / 1_000;
    const player = element.current;
    if (!player || !source) return void open();
    player.currentTime = wanted.current;
    void player.play().catch(() => undefined);
  };
  useEffect(() => {
    playback.current = { playFrom };
    return () => {
      playback.current = null;
    };
  });
  if (source === null)
    return (
      <div class="player-closed">
        <button type="button" class="primary" onClick={() => playFrom(0)}>
          Play <bdi>{fileName(file.key)}</bdi>
        </button>
        <span class="muted small">
          {file.contentType} · {sizeOf(file.bytes)}
        </span>
        <Failure error={error} again={() => void open()} />
      </div>
    );
  const events = {
    src: source,
    controls: true,
    preload: 'auto' as const,
    onLoadedMetadata: () => {
      if (!element.current) return;
      if (wanted.current > 0) element.current.currentTime = wanted.current;
      void element.current.play().catch(() => undefined);
    },
    onTimeUpdate: () => onTime((element.current?.currentTime ?? 0) * 1_000),
    onError: () => {
      // A link lives for five minutes: one that ran out is replaced, and the recording goes on where it was.
      wanted.current = element.current?.currentTime ?? 0;
      void renew(conversation.id, file.key, source).then(setSource, () =>
        setError(new AskFailed(0, 'The recording cannot be played here. Download it below.')),
      );
    },
  };
  const keep = (one: HTMLMediaElement | null) => {
    element.current = one;
  };
  const isVideo = file.contentType.startsWith('video/');
  return (
    <>
      {isVideo ? <video ref={keep} {...events} /> : <audio ref={keep} {...events} />}
      <Failure error={error} />
    </>
  );
}

/** Another link in the place of one that was used up. Throws where the one at hand is still young: then it is the file. */
async function renew(id: string, key: string, source: string): Promise<string> {
  const next = await linkTo(id, key);
  if (next === source) throw new Error('the same link');
  return next;
}
