import type { FunctionError, StreamSink } from './messages.ts';
import { type Final, startWorkerThread, type WorkerThreadOptions } from './worker-thread.ts';

export type Invocation = {
  requestId: string;
  /** the event as JSON */
  payload: string;
  timeoutMs: number;
  /** takes a streamed answer as it comes; the function waits until a chunk is taken */
  sink?: StreamSink;
};

export type Outcome =
  | { kind: 'returned'; payload: string }
  | { kind: 'streamed' }
  | { kind: 'failed'; error: FunctionError };

/** One execution environment: one instance of a function's module in a thread with its own environment. */
export type Sandbox = {
  invoke: (invocation: Invocation) => Promise<Outcome>;
  /** false after a crash or a timeout: it must not be used again */
  alive: () => boolean;
  stop: () => Promise<void>;
};

/** Lambda gives a module ten seconds to load; a laptop that starts everything at once gets longer. */
const initTimeoutMs = 30_000;

export function startSandbox(options: WorkerThreadOptions): Sandbox {
  const thread = startWorkerThread(options);
  const loaded = thread.exchange(null, initTimeoutMs, 'the module did not load in time');
  return {
    alive: thread.alive,
    stop: thread.end,
    invoke: async ({ requestId, payload, timeoutMs, sink }) => {
      const start = await loaded;
      if (start.kind !== 'ready') {
        await thread.end();
        return outcomeOf(start);
      }
      if (!thread.alive()) return endedEarly;
      const late = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      const message = { kind: 'invoke', requestId, payload, deadline: Date.now() + timeoutMs } as const;
      return outcomeOf(await thread.exchange(message, timeoutMs, late, sink));
    },
  };
}

const endedEarly: Outcome = {
  kind: 'failed',
  error: { errorType: 'Runtime.ExitError', errorMessage: 'the function ended between invocations' },
};

function outcomeOf(answer: Final): Outcome {
  if (answer.kind === 'broken') return { kind: 'failed', error: answer.error };
  if (answer.kind === 'ready') throw new Error("a function's thread answered out of turn");
  return answer;
}
