/** Names of the functions' environment variables. Both the stacks and the functions read them. */
export const env = {
  table: 'EARSHOT_TABLE',
  bucket: 'EARSHOT_BUCKET',
  bus: 'EARSHOT_BUS',
  /** the provider whose connections a poll function reads */
  provider: 'EARSHOT_PROVIDER',
  /** name of the secret that holds the key which signs tokens and seals cursors */
  signingSecret: 'EARSHOT_SIGNING_SECRET',
  /** milliseconds before now where lists by `updatedAt` end: the time an index may lag */
  settleMs: 'EARSHOT_SETTLE_MS',
} as const;

/** File beside a function's bundle with the connections it may see, secrets by name only. */
export const connectionsFile = 'connections.json';
