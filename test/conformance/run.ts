import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startDynamodbLocal, Unavailable } from './dynamodb-local.ts';

/*
 * Runs the storage tests unchanged against AWS's own DynamoDB Local, the judge of our embedded DynamoDB. Where it
 * cannot be had the run says so and is no failure.
 */
try {
  const local = await startDynamodbLocal();
  console.log(`storage tests against DynamoDB Local at ${local.url}`);
  process.exitCode = await runStorageTests(local.url).finally(local.stop);
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.log(`skipped: ${error.message}`);
}

async function runStorageTests(url: string): Promise<number> {
  const child = spawn('vitest', ['run', 'test/storage'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, EARSHOT_TEST_DYNAMODB_URL: url },
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
