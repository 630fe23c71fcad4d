import type { Access } from './access/access.ts';
import { identitiesOf } from './access/identities-of.ts';
import type { Clients } from './clients.ts';
import type { Closers } from './closers.ts';
import { type Endpoints, endpointEnvironment } from './endpoints.ts';
import { checkMappings } from './lambda/check-mappings.ts';
import type { UrlServer } from './lambda/url-server.ts';
import { provision } from './provision.ts';
import { type RunningFunctions, runFunctions } from './run-functions.ts';
import { readAssembly } from './template/assembly.ts';
import { describe } from './template/describe.ts';
import type { Description } from './template/description.ts';

export type RunTemplateOptions = {
  /** the cloud assembly */
  outputFolder: string;
  /** the data folder */
  folder: string;
  /** where the one port is reached */
  address: string;
  endpoints: Endpoints;
  clients: Clients;
  access: Access;
  server: UrlServer;
  say: (line: string) => void;
  closers: Closers;
};

/** Makes everything that the synthesized templates name, and runs it: what stands on a laptop is what would be deployed. */
export async function runTemplate(
  options: RunTemplateOptions,
): Promise<{ functions: RunningFunctions; description: Description }> {
  const { outputFolder, folder, address, endpoints, clients, access, server, say, closers } = options;
  const { queueUrl, feed, scheduler } = endpoints;
  const description = describe(readAssembly(outputFolder), { queueUrl, functionUrl: () => `${address}/` });
  access.admit(identitiesOf(description));
  await provision(description, clients, queueUrl);
  await checkMappings(description, { clients, access, queueUrl });
  const functions = runFunctions({
    description,
    clients,
    feed,
    queueUrl,
    access,
    endpoints: endpointEnvironment(endpoints),
    folder,
    say,
  });
  // Both at once: the scheduler waits for runs, and the functions end those that take too long.
  closers.add(() => Promise.all([scheduler.close(), functions.stop()]));
  closers.add(server.stopListening);
  server.serve(functions.find);
  for (const { enabled, ...schedule } of description.schedules) {
    if (enabled) scheduler.add(schedule);
  }
  return { functions, description };
}
