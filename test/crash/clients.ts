import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  type PutEventsCommandInput,
  type PutEventsCommandOutput,
} from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Dispatcher } from 'undici';
import { passGate } from './gate.ts';

/** Leads every call of a real client through the gate of the run that makes it. */
export function gated<Client extends DynamoDBClient | S3Client>(client: Client): Client {
  // The two clients' stacks differ in their input types only, which are not looked at.
  const stack = client.middlewareStack as DynamoDBClient['middlewareStack'];
  stack.add((next, context) => (input) => passGate(context.commandName ?? 'call', () => next(input)), {
    step: 'initialize',
  });
  return client;
}

/** A bus that keeps the ids of what was put on it. */
export function gatedBus(ids: string[]): EventBridgeClient {
  const client = new EventBridgeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  client.middlewareStack.add(
    () => (call) =>
      passGate('PutEventsCommand', async () => {
        const { Entries: entries = [] } = call.input as PutEventsCommandInput;
        ids.push(...entries.map(({ Detail }) => String(JSON.parse(Detail ?? '{}').id)));
        const output: PutEventsCommandOutput = {
          $metadata: {},
          FailedEntryCount: 0,
          Entries: entries.map(() => ({ EventId: 'e' })),
        };
        return { output, response: {} };
      }) as never,
    { step: 'initialize' },
  );
  return client;
}

/** A network whose answers come through the gate: a stop falls before the request is sent, or before its answer comes. */
export function gatedNetwork(network: Dispatcher): Dispatcher {
  return network.compose((dispatch) => (options, handler) => {
    void passGate(`${options.method} ${options.path.split('?')[0]}`, () => answered(dispatch, options, handler)).then(
      (play) => play(),
    );
    return true;
  });
}

/** Lets the answer arrive whole, then gives back how to play it to the caller. */
function answered(
  dispatch: Dispatcher['dispatch'],
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): Promise<() => void> {
  const steps: (() => void)[] = [];
  return new Promise((resolve) => {
    const done = (step: () => void): void => {
      steps.push(step);
      resolve(() => {
        for (const play of steps) play();
      });
    };
    dispatch(options, {
      onRequestStart: (...call) => void steps.push(() => handler.onRequestStart?.(...call)),
      onResponseStart: (...call) => void steps.push(() => handler.onResponseStart?.(...call)),
      onResponseData: (...call) => void steps.push(() => handler.onResponseData?.(...call)),
      onResponseEnd: (...call) => done(() => handler.onResponseEnd?.(...call)),
      onResponseError: (...call) => done(() => handler.onResponseError?.(...call)),
    });
  });
}
