import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigInvalid } from '#shared/domain/errors.ts';

export type Arguments = {
  /** the connections file, or null for the demo with fake providers */
  connections: string | null;
  /** 0 for any free port */
  port: number;
  /** where data stays between runs, or null for a folder that goes with the process */
  data: string | null;
  /** the token with all scopes; `made` when nobody gave one, so it must be shown */
  token: { value: string; made: boolean };
  /** the file that each event is appended to */
  events: string | null;
};

const usage = 'usage: npm start -- [--connections FILE] [--port N] [--data DIR] [--token T] [--events FILE]';
const options = {
  connections: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  token: { type: 'string' },
  events: { type: 'string' },
} as const;

const defaultPort = '8787';

/**
 * What the command line and the environment ask for. Files are meant from where npm was called. Throws ConfigInvalid
 * with a line per fault.
 */
export function readArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments {
  const values = parse(argv);
  const faults: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === '') faults.push(`--${name}: expected a value`);
  }
  const port = values.port ?? defaultPort;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) faults.push('--port: expected a number from 0 to 65535');
  const token = values.token ?? (environment['EARSHOT_TOKEN'] || null);
  // It travels in a header, so it must be what a header can hold (RFC 6750 b64token is stricter than any client needs).
  if (token !== null && !/^[\x21-\x7e]*$/.test(token))
    faults.push('--token: expected visible ASCII characters without blanks');
  if (faults.length > 0) throw new ConfigInvalid([...faults, usage]);
  const from = environment['INIT_CWD'] ?? process.cwd();
  const path = (value: string | undefined): string | null => (value === undefined ? null : resolve(from, value));
  return {
    connections: path(values.connections),
    port: Number(port),
    data: path(values.data),
    token:
      token === null ? { value: randomBytes(24).toString('base64url'), made: true } : { value: token, made: false },
    events: path(values.events),
  };
}

function parse(argv: readonly string[]): { [Name in keyof typeof options]?: string } {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigInvalid([error.message, usage]);
  }
}
