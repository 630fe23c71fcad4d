import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';

/** Runs the embedded DynamoDB on the folder given as argument, for tests that kill it; prints its address. */
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('usage: dynamodb-process.ts FOLDER');
const { url } = await startDynamodb({ dataDir });
process.stdout.write(`${url}\n`);
