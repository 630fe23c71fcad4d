import { join } from 'node:path';
import type { Access } from '../access/access.ts';
import { guardOf, startJsonService } from '../aws-json.ts';
import type { LocalServer } from '../listen.ts';
import { openDatabase } from '../sqlite.ts';
import { askedOfLogs } from './asked.ts';
import { logOperations } from './log-operations.ts';
import { logSchema } from './log-store.ts';

export type LogsOptions = {
  /** everything durable lies here; one process at a time */
  dataDir: string;
  now?: () => number;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
};

/** The embedded CloudWatch Logs. A line that was acknowledged survives SIGKILL; none is ever dropped. */
export async function startLogs({ dataDir, access, now = Date.now }: LogsOptions): Promise<LocalServer> {
  const database = openDatabase(join(dataDir, 'logs.sqlite'), logSchema);
  const server = await startJsonService('CloudWatch Logs', logOperations(database, now), guardOf(access, askedOfLogs));
  return {
    url: server.url,
    close: async () => {
      await server.close();
      database.close();
    },
  };
}
