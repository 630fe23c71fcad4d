import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { giveWay } from './give-way.ts';
import type { FromWorker, FunctionError, ToWorker, WorkerSetup } from './messages.ts';
import { createResponseStream, installStreaming, isStreaming, type ResponseStream } from './response-stream.ts';

/**
 * The thread in which one instance of a function lives, as one execution environment of Lambda does: it loads the
 * module once and then runs one invocation at a time.
 */
type Handler = (event: unknown, ...rest: unknown[]) => unknown;
type Invocation = Extract<ToWorker, { kind: 'invoke' }>;

// The main thread starts this file with exactly that.
const setup = workerData as WorkerSetup;

const tell = (message: FromWorker, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(message, transfer);

function describeError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message };
}

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = setup.handler.split('.');
  const path = ['.mjs', '.js', '.cjs']
    .map((ending) => join(setup.folder, file + ending))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`cannot find module ${file} in the function's bundle`);
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  const handler = module[name];
  if (typeof handler !== 'function') throw new Error(`${setup.handler} is undefined or not exported`);
  return handler as Handler; // any function may be a handler; Lambda does not look closer either
}

const contextOf = ({ requestId, deadline }: Invocation) => ({
  awsRequestId: requestId,
  functionName: setup.name,
  functionVersion: '$LATEST',
  invokedFunctionArn: setup.arn,
  memoryLimitInMB: String(setup.memoryMb),
  logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

async function run(handler: Handler, invocation: Invocation, stream: ResponseStream): Promise<FromWorker> {
  try {
    const event: unknown = JSON.parse(invocation.payload);
    const context = contextOf(invocation);
    if (!isStreaming(handler))
      return { kind: 'returned', payload: JSON.stringify(await handler(event, context)) ?? 'null' };
    await handler(event, stream.writable, context);
    await stream.finish();
    return { kind: 'streamed' };
  } catch (error) {
    // Nobody reads the answer, and that it has no end says nothing of the function.
    if (stream.isLeft()) return { kind: 'streamed' };
    console.error(error);
    return { kind: 'failed', error: describeError(error) };
  }
}

async function serve(): Promise<void> {
  if (!setup.isAwaited) giveWay();
  installStreaming(tell);
  const handler = await loadHandler();
  let stream: ResponseStream | undefined;
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'taken') return stream?.taken();
    if (message.kind === 'left') return stream?.leave();
    stream = createResponseStream(tell);
    void run(handler, message, stream).then(tell);
  });
  tell({ kind: 'ready' });
  flushCompileCache();
}

serve().catch((error: unknown) => {
  console.error(error);
  tell({ kind: 'broken', error: describeError(error) });
});
