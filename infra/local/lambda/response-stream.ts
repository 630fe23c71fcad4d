import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FromWorker, StreamPrelude } from './messages.ts';

/** Where Lambda's own runtime marks a handler that streams. */
const streamingMark = Symbol.for('aws.lambda.runtime.handler.streaming');

type Tell = (message: FromWorker, transfer?: ArrayBuffer[]) => void;

export type ResponseStream = {
  writable: Writable;
  /** the other side took the last chunk */
  taken: () => void;
  /** nobody reads any more: what the handler writes fails from now on, and with it what it reads from */
  leave: () => void;
  isLeft: () => boolean;
  /** ends the stream if the handler did not, and waits until all of it was taken */
  finish: () => Promise<void>;
};

/** The global `awslambda` that the runtime gives to handlers that stream. */
export function installStreaming(tell: Tell): void {
  const awslambda = {
    streamifyResponse: <Handler extends object>(handler: Handler): Handler =>
      Object.assign(handler, { [streamingMark]: 'response' }),
    HttpResponseStream: {
      from: (stream: Writable, prelude: StreamPrelude): Writable => {
        // Through JSON, as on its way through Lambda: what JSON cannot say is lost there too.
        tell({ kind: 'prelude', prelude: JSON.parse(JSON.stringify(prelude)) });
        return stream;
      },
    },
  };
  Object.assign(globalThis, { awslambda });
}

export const isStreaming = (handler: object): boolean => streamingMark in handler;

/**
 * Bytes go to the main thread a chunk at a time; the next one waits until that was taken, so nothing piles up there. Lambda
 * does not tell a function that its reader left; on one machine it is told, so that no file is read for nobody.
 */
export function createResponseStream(tell: Tell): ResponseStream {
  let release: ((error?: Error) => void) | undefined;
  let begun = false;
  let left = false;
  const gone = () => new Error('the reader left');
  const writable = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      // `Writable` has no way to say that nothing came: an empty write only flushes.
      if (chunk.length === 0) return done();
      begun = true;
      if (left) return done(gone());
      release = done;
      const bytes = new Uint8Array(chunk);
      tell({ kind: 'chunk', bytes }, [bytes.buffer]);
    },
  });
  // A handler need not listen to what it writes to.
  writable.on('error', () => undefined);
  return {
    writable,
    leave: () => {
      left = true;
      // A handler that has not begun to write does not listen yet: it meets the error with its first chunk.
      if (begun && !writable.writableFinished) writable.destroy(gone());
    },
    isLeft: () => left,
    taken: () => {
      const done = release;
      release = undefined;
      done?.();
    },
    finish: () => {
      if (!writable.writableEnded) writable.end();
      return writable.writableFinished ? Promise.resolve() : finished(writable);
    },
  };
}
