import * as sdk from '@aws-sdk/client-dynamodb';
import { type ApiError, isApiError } from '#infra/local/dynamodb/api-error.ts';
import type { Database } from '#infra/local/dynamodb/database.ts';
import { runOperation } from '#infra/local/dynamodb/operations.ts';
import { fromJson, toJson } from './attribute-bytes.ts';

/**
 * The SDK's client on an embedded database of this process. Its commands, what stands before their serialization, and its
 * errors are the real ones; below there is no endpoint, signature, retry, text or socket, which take as long as the
 * database. What goes over the wire is for the endpoint's own tests.
 */
export function directClient(database: Database): sdk.DynamoDBClient {
  const client = new sdk.DynamoDBClient({
    endpoint: 'http://embedded.invalid',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const stack = client.middlewareStack;
  for (const name of onTheWire) stack.remove(name);
  const pass: Middleware = (next) => next;
  const answer: Middleware =
    (_, { commandName = '' }) =>
    ({ input }) =>
      answerTo(database, commandName.replace(/Command$/, ''), input);
  stack.add(pass as never, { name: 'serializerMiddleware', step: 'serialize', override: true });
  stack.add(answer as never, { name: 'deserializerMiddleware', step: 'deserialize', override: true });
  return client;
}

type Answer = { output: object; response: object };
type Handle = (args: { input: object }) => Promise<Answer>;
type Middleware = (next: Handle, context: { commandName?: string }) => Handle;

const onTheWire = [
  'loggerMiddleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'retryMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
];

async function answerTo(database: Database, operation: string, input: object): Promise<Answer> {
  try {
    const output = await runOperation(database, operation, toJson(input) as Record<string, unknown>);
    return { output: { $metadata: { httpStatusCode: 200 }, ...(fromJson(output) as object) }, response: {} };
  } catch (error) {
    throw isApiError(error) ? asSdkError(error) : error;
  }
}

type SdkError = new (options: object) => sdk.DynamoDBServiceException;

/** The SDK's own class of that name, as its deserialization makes it. */
function asSdkError({ statusCode, body }: ApiError): sdk.DynamoDBServiceException {
  const { __type: type, message = '', ...more } = body;
  const name = type.slice(type.indexOf('#') + 1);
  const known: unknown = Reflect.get(sdk, name);
  const Known = (typeof known === 'function' ? known : sdk.DynamoDBServiceException) as SdkError;
  const common = { name, message, $fault: 'client', $metadata: { httpStatusCode: statusCode } };
  return new Known({ ...common, ...(fromJson(more) as object) });
}
