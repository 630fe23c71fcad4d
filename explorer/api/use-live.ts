import { useEffect, useRef, useState } from 'preact/hooks';
import { AskFailed } from './ask.ts';

/** As often as what failed is tried again at most (milliseconds). */
const slowestMs = 60_000;

/** How live data stand: whether anything came yet, and what the last try failed at. */
export type Live = { error: AskFailed | null; again: () => void };

/**
 * Does `work` at once and then `everyMs` after each time it ended, while somebody looks at the page; after failures later
 * and later. Begins anew when `key` changes. `work` gets a signal that says when nobody wants it any more.
 */
export function useLive(key: string, everyMs: number, work: (signal: AbortSignal) => Promise<void>): Live {
  const [error, setError] = useState<AskFailed | null>(null);
  const latest = useRef(work);
  latest.current = work;
  const restart = useRef(() => {});
  useEffect(() => {
    setError(null);
    const loop = startLoop(everyMs, (signal) => latest.current(signal), setError);
    restart.current = loop.now;
    return loop.stop;
  }, [key, everyMs]);
  return { error, again: () => restart.current() };
}

function startLoop(everyMs: number, work: (signal: AbortSignal) => Promise<void>, tell: (e: AskFailed | null) => void) {
  const ended = new AbortController();
  let timer = 0;
  let failures = 0;
  let isBusy = false;
  const run = async () => {
    clearTimeout(timer);
    if (isBusy || ended.signal.aborted || document.hidden) return;
    isBusy = true;
    let wait = everyMs;
    try {
      await work(ended.signal);
      failures = 0;
      if (!ended.signal.aborted) tell(null);
    } catch (error) {
      failures += 1;
      wait = Math.min(slowestMs, everyMs * 2 ** failures);
      if (error instanceof AskFailed && error.retryAfter !== null) wait = Math.max(wait, error.retryAfter * 1_000);
      if (!ended.signal.aborted) tell(error instanceof AskFailed ? error : new AskFailed(0, String(error)));
    } finally {
      isBusy = false;
    }
    if (!ended.signal.aborted) timer = setTimeout(() => void run(), wait);
  };
  const seen = () => void run();
  document.addEventListener('visibilitychange', seen);
  void run();
  const stop = () => {
    ended.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
  return { now: seen, stop };
}
