/** What passes between the main thread and the worker that runs a function's code. */

/** How a worker is set up; its environment is its own `process.env`. */
export type WorkerSetup = {
  folder: string;
  handler: string;
  name: string;
  arn: string;
  memoryMb: number;
  /** somebody waits for its answers, so it goes before functions that work behind the scenes */
  isAwaited: boolean;
};

export type ToWorker =
  | { kind: 'invoke'; requestId: string; payload: string; deadline: number }
  /** the last chunk was taken: the next may come */
  | { kind: 'taken' }
  /** whoever reads the streamed answer is gone */
  | { kind: 'left' };

/** An error as Lambda reports it. The message is the function's own. */
export type FunctionError = { errorType: string; errorMessage: string };

export type FromWorker =
  | { kind: 'ready' }
  /** the module could not be loaded or exports no handler */
  | { kind: 'broken'; error: FunctionError }
  | { kind: 'prelude'; prelude: StreamPrelude }
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'returned'; payload: string }
  | { kind: 'streamed' }
  | { kind: 'failed'; error: FunctionError };

/** What a streamed answer starts with. */
export type StreamPrelude = { statusCode?: number; headers?: Record<string, unknown>; cookies?: string[] };

/** Takes a streamed answer as it comes; the function waits until a chunk is taken. */
export type StreamSink = {
  start: (prelude: StreamPrelude) => void;
  write: (bytes: Uint8Array) => Promise<void>;
  /** `left` is called once, when whoever reads the answer is gone before its end */
  onLeft: (left: () => void) => void;
};
