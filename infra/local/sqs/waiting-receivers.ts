/** Who waits for a message, by queue. */
export type WaitingReceivers = {
  /** A message may have become visible on the queue. */
  wake(queue: string): void;
  wakeAll(): void;
  /** Resolves on `wake`, after `ms`, or when the receiver leaves (it must still be there). */
  sleep(queue: string, ms: number, left: AbortSignal): Promise<void>;
};

export function waitingReceivers(): WaitingReceivers {
  const waiting = new Map<string, Set<() => void>>();
  const wake = (queue: string) => {
    for (const resume of waiting.get(queue) ?? []) resume();
  };
  return {
    wake,
    wakeAll: () => [...waiting.keys()].forEach(wake),
    sleep: (queue, ms, left) =>
      new Promise((resolve) => {
        const queued = waiting.get(queue) ?? new Set();
        waiting.set(queue, queued);
        const timer = setTimeout(resume, ms);
        function resume(): void {
          clearTimeout(timer);
          queued.delete(resume);
          left.removeEventListener('abort', resume);
          resolve();
        }
        queued.add(resume);
        left.addEventListener('abort', resume, { once: true });
      }),
  };
}
