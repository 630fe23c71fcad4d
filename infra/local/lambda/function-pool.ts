import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { credentialsOf } from '#infra/local/local-credentials.ts';
import { functionArn, region } from '#infra/local/template/arns.ts';
import type { FunctionDefinition } from '#infra/local/template/description.ts';
import { openInstances } from './instances.ts';
import type { StreamSink } from './messages.ts';
import { type Outcome, startSandbox } from './sandbox.ts';

/** A function that can be invoked. `event` becomes JSON on its way. */
export type LocalFunction = {
  definition: FunctionDefinition;
  invoke: (event: unknown, sink?: StreamSink) => Promise<Outcome>;
  /** loads the module ahead of the first invocation */
  warm: () => void;
  /** invocations that run or wait */
  running: () => number;
  stop: () => Promise<void>;
};

export type FunctionOptions = {
  /** addresses of the embedded endpoints, as the SDK reads them */
  endpoints: Readonly<Record<string, string>>;
  /** somebody waits for its answers (true) */
  isAwaited?: boolean;
  /** takes what the function prints */
  onOutput: (output: Readable) => void;
};

/**
 * Instances of a function at most, whatever the template reserves for it: enough to see concurrency, little enough for a
 * laptop. Each is a thread, and a dozen that start at once would keep everybody waiting.
 */
const mostInstances = 4;

const throttled: Outcome = {
  kind: 'failed',
  error: { errorType: 'TooManyRequestsException', errorMessage: 'its reserved concurrency is 0' },
};

/** Runs a function in as many instances as there are invocations at one time, up to its limit; the rest waits its turn. */
export function openFunction(
  definition: FunctionDefinition,
  { endpoints, onOutput, isAwaited = true }: FunctionOptions,
): LocalFunction {
  const { name, folder, handler, memoryMb, timeoutMs } = definition;
  const limit = Math.min(definition.concurrency ?? mostInstances, mostInstances);
  const instances = openInstances(limit, () =>
    startSandbox({
      setup: { folder, handler, name, arn: functionArn(name), memoryMb, isAwaited },
      environment: environmentOf(definition, endpoints),
      onOutput,
    }),
  );
  let running = 0;
  return {
    definition,
    running: () => running,
    invoke: async (event, sink) => {
      if (limit === 0) return throttled;
      running++;
      const sandbox = await instances.take();
      try {
        const invocation = { requestId: randomUUID(), payload: JSON.stringify(event), timeoutMs };
        return await sandbox.invoke(sink ? { ...invocation, sink } : invocation);
      } finally {
        running--;
        instances.giveBack(sandbox);
      }
    },
    warm: instances.warm,
    stop: instances.stop,
  };
}

/** What Lambda sets itself, what the template sets, and where the embedded endpoints stand. Nothing of our own process. */
function environmentOf(
  { name, memoryMb, handler, folder, environment, logGroup }: FunctionDefinition,
  endpoints: Readonly<Record<string, string>>,
) {
  const { accessKeyId, secretAccessKey } = credentialsOf(name);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: handler,
    ...environment,
    ...endpoints,
  };
}
