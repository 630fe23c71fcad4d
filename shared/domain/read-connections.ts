import * as z from 'zod';
import { type Connection, type ConnectionsFile, connectionsFileSchema } from './connections.ts';
import { durationMs } from './duration.ts';
import { ConfigInvalid } from './errors.ts';

/** Fastest schedule of a deployment: EventBridge Scheduler knows no rate under a minute. */
const leastEveryMs = 60_000;

/**
 * A checked connections file with all defaults filled in. Throws ConfigInvalid with a line per fault: its path and what
 * was expected there, never the value that was found. A deployment (`oneMachine: false`) takes secrets by name only.
 */
export function parseConnections(json: unknown, options: { oneMachine: boolean }): ConnectionsFile {
  const parsed = connectionsFileSchema.safeParse(json);
  if (!parsed.success) throw new ConfigInvalid(parsed.error.issues.flatMap(faultLines));
  const file = parsed.data;
  const faults = [...duplicates(file), ...(options.oneMachine ? [] : deploymentFaults(file))];
  if (faults.length > 0) throw new ConfigInvalid(faults);
  return file;
}

/** One line of a fault; a union without one fitting branch tells the faults of the branch that came nearest. */
function faultLines(issue: z.core.$ZodIssue): string[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${join(path, key)}: unknown key`);
  return [`${path || '(file)'}: ${issue.message}`];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : join(text, String(part))),
    '',
  );
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);

function duplicates({ connections }: ConnectionsFile): string[] {
  const first = new Map<string, number>();
  return connections.flatMap(({ id }, i) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, i);
    return before === undefined
      ? []
      : [`connections[${i}].id: expected a unique id, but connections[${before}] has it too`];
  });
}

function deploymentFaults({ connections, clients }: ConnectionsFile): string[] {
  const byName = 'expected {"secret": "name"}: a deployment takes secrets by name only';
  return [
    ...connections.flatMap((connection, i) =>
      connectionFaults(connection).map((fault) => `connections[${i}].${fault}`),
    ),
    ...clients.flatMap((client, i) => {
      const [field, value] = 'token' in client ? ['token', client.token] : ['clientSecret', client.clientSecret];
      return typeof value === 'string' ? [`clients[${i}].${field}: ${byName}`] : [];
    }),
  ];

  function connectionFaults(connection: Connection): string[] {
    const faults = 'secret' in connection.credentials ? [] : [`credentials: ${byName}`];
    if (durationMs(connection.every) < leastEveryMs) faults.push('every: expected at least 1m in a deployment');
    for (const [i, secret] of (connection.webhook?.secrets ?? []).entries()) {
      if (typeof secret === 'string') faults.push(`webhook.secrets[${i}]: ${byName}`);
    }
    return faults;
  }
}

/** The connections file's JSON Schema, for editors and for the documentation. */
export const connectionsJsonSchema = (): unknown => z.toJSONSchema(connectionsFileSchema, { io: 'input' });
