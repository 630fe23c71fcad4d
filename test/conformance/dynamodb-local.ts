import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const version = '2.6.1';
/** DynamoDB Local 2 is built for this Java. */
const oldestJava = 17;
const startTimeoutMs = 60_000;
const folder = join(process.cwd(), 'node_modules', '.cache', 'earshot', `dynamodb-local-${version}`);

/** Why AWS's own DynamoDB Local cannot run on this machine. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** Fetches DynamoDB Local by Maven, once, and starts it in memory. Throws `Unavailable` where that cannot be done. */
export async function startDynamodbLocal(): Promise<{ url: string; stop(): Promise<void> }> {
  await requireJava();
  const libraries = await fetchLibraries();
  const port = await freePort();
  const child = spawn('java', javaArguments(libraries, port), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DDB_LOCAL_TELEMETRY: '0' },
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child);
  return {
    url,
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function javaArguments(libraries: string, port: number): string[] {
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const natives = `-Djava.library.path=${libraries}`;
  return [natives, '-cp', `${join(libraries, '*')}${delimiter}`, main, '-inMemory', '-port', String(port)];
}

async function requireJava(): Promise<void> {
  // java prints its version on standard error
  const { stderr } = await run('java', ['-version']).catch(() => {
    throw new Unavailable('there is no Java on this machine');
  });
  const found = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (found < oldestJava) throw new Unavailable(`DynamoDB Local needs Java ${oldestJava}, this is ${found}`);
}

/** The folder of all its jars and native libraries; kept between runs. */
async function fetchLibraries(): Promise<string> {
  const libraries = join(folder, 'lib');
  const complete = join(folder, 'complete');
  const fetched = await access(complete).then(
    () => true,
    () => false,
  );
  if (fetched) return libraries;
  await mkdir(folder, { recursive: true });
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, pomText());
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${libraries}`, '-DincludeScope=runtime'];
  await run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: 300_000 }).catch((error: unknown) => {
    throw new Unavailable(`Maven could not fetch DynamoDB Local ${version}: ${firstLine(error)}`);
  });
  await writeFile(complete, '');
  return libraries;
}

function pomText(): string {
  const dependency = `<groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${version}</version>`;
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>earshot</groupId><artifactId>conformance</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies><dependency>${dependency}</dependency></dependencies></project>`,
  ].join('\n');
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const output = 'stdout' in error ? String(error.stdout) : '';
  return (output || error.message).trim().split('\n')[0] ?? '';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (child.exitCode === null && Date.now() < deadline) {
    const reached = await fetch(url).then(
      () => true,
      () => false,
    );
    if (reached) return;
    await sleep(100);
  }
  child.kill();
  throw new Error('DynamoDB Local did not start');
}
