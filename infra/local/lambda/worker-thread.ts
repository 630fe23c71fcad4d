import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FromWorker, StreamSink, ToWorker, WorkerSetup } from './messages.ts';

export type WorkerThreadOptions = {
  setup: WorkerSetup;
  environment: Readonly<Record<string, string>>;
  onOutput: (output: Readable) => void;
};

/** What ends an exchange. */
export type Final = Exclude<FromWorker, { kind: 'prelude' | 'chunk' }>;

/** A thread that answers one message at a time. It answers `broken` when it ended or took too long, and is gone then. */
export type WorkerThread = {
  alive: () => boolean;
  /** sends nothing or one message, and waits for the answer that ends the matter; `late` tells what took too long */
  exchange: (message: ToWorker | null, ms: number, late: string, sink?: StreamSink) => Promise<Final>;
  end: () => Promise<void>;
};

export function startWorkerThread(options: WorkerThreadOptions): WorkerThread {
  const worker = createWorker(options);
  let alive = true;
  let onMessage: (message: FromWorker) => void = () => undefined;

  function fail(errorType: string, errorMessage: string): void {
    alive = false;
    void worker.terminate();
    onMessage({ kind: 'broken', error: { errorType, errorMessage } });
  }
  worker.on('message', (message: FromWorker) => onMessage(message));
  worker.on('error', (error) => fail(error.name, error.message));
  worker.on('exit', (code) => fail('Runtime.ExitError', `the function's process ended with code ${code}`));

  async function take(bytes: Uint8Array, sink: StreamSink | undefined): Promise<void> {
    await sink?.write(bytes);
    worker.postMessage({ kind: 'taken' } satisfies ToWorker);
  }

  return {
    alive: () => alive,
    exchange: (message, ms, late, sink) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => fail('Sandbox.Timedout', late), ms);
        onMessage = (answer) => {
          if (answer.kind === 'prelude') sink?.start(answer.prelude);
          else if (answer.kind === 'chunk') void take(answer.bytes, sink);
          else {
            clearTimeout(timer);
            onMessage = () => undefined;
            resolve(answer);
          }
        };
        if (message) worker.postMessage(message);
        // Behind the message, so that it is about this one; to an exchange that is over it says nothing.
        sink?.onLeft(() => worker.postMessage({ kind: 'left' } satisfies ToWorker));
      }),
    end: async () => {
      alive = false;
      await worker.terminate();
    },
  };
}

function createWorker({ setup, environment, onOutput }: WorkerThreadOptions): Worker {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: setup,
    env: { ...environment },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: setup.memoryMb },
  });
  onOutput(worker.stdout);
  onOutput(worker.stderr);
  return worker;
}
