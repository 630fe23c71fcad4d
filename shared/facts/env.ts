/** Names of the functions' environment variables. Both the stacks and the functions read them. */
export const env = {
  table: 'EARSHOT_TABLE',
  bucket: 'EARSHOT_BUCKET',
  bus: 'EARSHOT_BUS',
  /** the provider whose connections a poll or media function reads */
  provider: 'EARSHOT_PROVIDER',
  /** name of the secret that holds the key which signs tokens and seals cursors */
  signingSecret: 'EARSHOT_SIGNING_SECRET',
  /** milliseconds before now where lists by `updatedAt` end: the time an index may lag */
  settleMs: 'EARSHOT_SETTLE_MS',
  /** since when providers have records, by provider, as JSON (milliseconds since 1970); one that does not say is not there */
  recordsSince: 'EARSHOT_RECORDS_SINCE',
  /** name of the log group that keeps who read what */
  readLog: 'EARSHOT_READ_LOG',
  /** address of the queue of copy jobs of the function's provider; absent where no connection wants its media */
  mediaQueue: 'EARSHOT_MEDIA_QUEUE',
  /** addresses of all queues of copy jobs by provider, as JSON */
  mediaQueues: 'EARSHOT_MEDIA_QUEUES',
  /** address of the queue of webhook deliveries of the function's provider */
  inboxQueue: 'EARSHOT_INBOX_QUEUE',
  /** addresses of all queues of webhook deliveries by provider, as JSON */
  inboxQueues: 'EARSHOT_INBOX_QUEUES',
  /** address of the queue of operations */
  operationsQueue: 'EARSHOT_OPERATIONS_QUEUE',
  /** name of the bucket that keeps the batches which the table's readers have failed */
  deadLetters: 'EARSHOT_DEAD_LETTERS',
  /** ARNs of the two readers, which name the failed batches of each */
  publishFunction: 'EARSHOT_PUBLISH_FUNCTION',
  participantsFunction: 'EARSHOT_PARTICIPANTS_FUNCTION',
} as const;

/** File beside a function's bundle with the connections it may see, secrets by name only. */
export const connectionsFile = 'connections.json';

/** Files beside the lookup's bundle: the API's OpenAPI document and its readable page. They lie in `docs/`. */
export const openApiFile = 'openapi.json';
export const pageFile = 'api.html';
/** The same for the events: the AsyncAPI document. */
export const asyncApiFile = 'asyncapi.json';

/** Folder beside the lookup's bundle with the files of the explorer. */
export const pageFolder = 'explorer';
