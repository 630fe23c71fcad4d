import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { parseConnections } from '#shared/domain/read-connections.ts';
import { type Access, type OnAsk, openAccess } from './access/access.ts';
import type { Arguments } from './arguments.ts';
import { type Clients, openClients } from './clients.ts';
import { type Closers, openClosers } from './closers.ts';
import { openDataFolder } from './data-folder.ts';
import { deriveConnections } from './derive-connections.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';
import { eventLine, openEventFile } from './event-lines.ts';
import { startFakes } from './fakes/start-fakes.ts';
import { checkNamedSecrets } from './keep-secrets.ts';
import { openUrlServer, type UrlServer } from './lambda/url-server.ts';
import { readConnectionsFile } from './read-connections-file.ts';
import type { RunningFunctions } from './run-functions.ts';
import { runTemplate } from './run-template.ts';
import { synthesize } from './synthesize.ts';
import type { Description } from './template/description.ts';
import { whereToLook } from './where-to-look.ts';

export type Machine = {
  /** where its one port is reached */
  address: string;
  /** what it runs, for whoever looks into it */
  parts: Parts;
  stop: () => Promise<void>;
};
type Parts = { access: Access; clients: Clients; endpoints: Endpoints; description: Description };

export type MachineOptions = {
  /** one line for the person at the terminal */
  say: (line: string) => void;
  /** hears of every right that is asked for */
  onAsk?: OnAsk;
  /** ends the start-up */
  signal: AbortSignal;
};

/** Starts everything and says so. Throws ConfigInvalid for what the person can mend; then nothing is left running. */
export async function startMachine(given: Arguments, options: MachineOptions): Promise<Machine> {
  const closers = openClosers();
  try {
    return { ...(await start(given, options, closers)), stop: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

type Started = Pick<Machine, 'address' | 'parts'>;

async function start(given: Arguments, { say, signal, onAsk }: MachineOptions, closers: Closers): Promise<Started> {
  // What can be wrong without starting anything comes first.
  const written = given.connections === null ? null : readConnectionsFile(given.connections);
  const data = await openDataFolder(given.data);
  closers.add(data.close);
  const server = await openPort(given.port);
  closers.add(server.close);
  const derived = deriveConnections(written ?? (await demo(data.path, server.port, closers)), given.token.value);

  say('Earshot is starting: it makes the template that would be deployed, and runs what stands in it.');
  const outputFolder = join(data.path, 'cdk.out');
  const connections = join(data.path, 'connections.json');
  writeFileSync(connections, JSON.stringify(derived.file, null, 2));
  const synthesis = synthesize({ connections, outputFolder, signal });
  // Its failure is told where it is awaited.
  synthesis.catch(() => undefined);

  // What an earlier process accepted for a function waits until the functions are there.
  const functions = Promise.withResolvers<RunningFunctions>();
  const access = openAccess(say, onAsk);
  const endpoints = await startEndpoints({
    folder: data.path,
    access,
    onEvent: eventListener(given.events, say, closers),
    invoke: async (arn, input) => (await functions.promise).invoke(arn, input),
    say,
  });
  closers.add(endpoints.close);
  for (const { name, value } of derived.secrets) endpoints.putSecret(name, value);
  const clients = openClients(endpoints.urls);
  closers.add(clients.close);
  await checkNamedSecrets(clients.secrets, derived.named);

  await synthesis;
  const address = `http://127.0.0.1:${server.port}`;
  const place = { outputFolder, folder: data.path, address };
  const running = await runTemplate({ ...place, endpoints, clients, access, server, say, closers });
  functions.resolve(running.functions);
  signal.throwIfAborted();
  say(`Earshot is listening on ${address}`);
  for (const line of whereToLook(given, address, data.path)) say(line);
  return { address, parts: { access, clients, endpoints, description: running.description } };
}

/** Fake providers, and the connections that read them. */
async function demo(folder: string, port: number, closers: Closers): Promise<ConnectionsFile> {
  const fakes = await startFakes({ sinceFile: join(folder, 'demo-since'), address: `http://127.0.0.1:${port}` });
  closers.add(fakes.close);
  return parseConnections(fakes.connections, { oneMachine: true });
}

function eventListener(path: string | null, say: (line: string) => void, closers: Closers): (detail: unknown) => void {
  const file = path === null ? null : openEventFile(path);
  closers.add(() => file?.close());
  return (detail) => {
    file?.append(detail);
    say(eventLine(detail, new Date()));
  };
}

async function openPort(port: number): Promise<UrlServer> {
  try {
    return await openUrlServer(port);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${String(error.code)})`;
    throw new ConfigInvalid([`--port: ${port} ${reason}; name another one, or 0 for any that is free`]);
  }
}
