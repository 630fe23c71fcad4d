import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from './access/access.ts';
import type { Clients } from './clients.ts';
import type { ChangeFeed } from './dynamodb/change-feed.ts';
import { openEventSources } from './event-sources.ts';
import { failureTeller } from './lambda/failure-teller.ts';
import { openFunctionLog } from './lambda/function-log.ts';
import { type LocalFunction, openFunction } from './lambda/function-pool.ts';
import type { UrlTarget } from './lambda/url-server.ts';
import { functionArn, logStreamArn } from './template/arns.ts';
import type { Description, FunctionDefinition, FunctionUrl } from './template/description.ts';

export type RunOptions = {
  description: Description;
  clients: Clients;
  feed: ChangeFeed;
  queueUrl: (name: string) => string;
  access: Access;
  /** addresses of the embedded endpoints, as the SDK reads them from the environment */
  endpoints: Readonly<Record<string, string>>;
  /** where the functions' log goes */
  folder: string;
  /** one line for the person at the terminal */
  say: (line: string) => void;
};

export type RunningFunctions = {
  /** the function that answers a path of the one port */
  find: (path: string) => UrlTarget | undefined;
  /** an asynchronous invocation, by ARN: it resolves when the function has ended, whatever came of it */
  invoke: (arn: string, input: unknown) => Promise<void>;
  /** lets what runs come to its end, for a while, and ends it then */
  stop: () => Promise<void>;
};

/** How long a stop waits for running invocations (milliseconds): the whole stop has five seconds. */
const graceMs = 1500;

/** Runs the functions that a template names, with what feeds them. Their addresses answer through `find`. */
export function runFunctions(options: RunOptions): RunningFunctions {
  const { description, endpoints, folder, access, say } = options;
  const log = openFunctionLog(join(folder, 'functions.log'));
  const functions = new Map<string, LocalFunction>();
  for (const definition of description.functions) {
    const isAwaited = description.urls.some((url) => url.function === definition.name);
    const onOutput = (output: Readable) => (mayLog(access, definition) ? log.add(output) : void output.resume());
    functions.set(functionArn(definition.name), openFunction(definition, { endpoints, onOutput, isAwaited }));
  }
  const get = (arn: string): LocalFunction => {
    const found = functions.get(arn);
    if (!found) throw new Error(`no function ${arn}`);
    return found;
  };
  let stopping = false;
  const teller = failureTeller(say, Date.now);
  // What a stop cuts short is no failure.
  const tell: typeof teller = (target, errorType) => {
    if (!stopping) teller(target, errorType);
  };
  const targets = description.urls.map((url) => ({ url, target: watched(get(functionArn(url.function)), tell) }));
  for (const { target } of targets) target.warm();
  const sources = openEventSources({ ...options, get: (name) => watched(get(functionArn(name)), tell) });

  return {
    find: (path) => {
      const found =
        targets.find(({ url }) => isWebhook(url) === path.startsWith('/webhooks/')) ??
        targets.find(({ url }) => !isWebhook(url));
      return found && { target: found.target, streaming: found.url.streaming };
    },
    invoke: async (arn, input) => {
      await watched(get(arn), tell).invoke(input);
    },
    stop: async () => {
      stopping = true;
      const ended = sources.stop();
      const running = (): number => [...functions.values()].reduce((sum, one) => sum + one.running(), 0);
      for (const end = Date.now() + graceMs; running() > 0 && Date.now() < end; ) await delay(20);
      await Promise.all([...functions.values()].map((one) => one.stop()));
      await ended;
      await log.close();
    },
  };
}

/** Lambda writes what an instance prints, as the function's role; what it may not write is lost, as there. */
const mayLog = (access: Access, { name, logGroup }: FunctionDefinition): boolean =>
  ['CreateLogStream', 'PutLogEvents'].every((action) =>
    access.may(name, { action: `logs:${action}`, resource: logStreamArn(logGroup, 'local') }),
  );

/** Two addresses share the one port: what begins with `/webhooks/` belongs to the function that is named for it. */
const isWebhook = ({ logicalId }: FunctionUrl): boolean => /^webhook/i.test(logicalId);

/** The same function, with its failures told. */
function watched(target: LocalFunction, tell: ReturnType<typeof failureTeller>): LocalFunction {
  return {
    ...target,
    invoke: async (event, sink) => {
      const outcome = await target.invoke(event, sink);
      if (outcome.kind === 'failed') tell(target, outcome.error.errorType);
      return outcome;
    },
  };
}
