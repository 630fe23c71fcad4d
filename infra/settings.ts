import type { App } from 'aws-cdk-lib';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { readConnections } from './connections.ts';
import { readSubscriberAccounts } from './subscriber-accounts.ts';

/** What a deployment is told by its context (`cdk.json` or `-c key=value`). */
export type Settings = {
  /** prefix of the stacks and name of the bus */
  name: string;
  /** the templates are for the one-machine runtime: schedules under a minute, shorter settling, no policy checks */
  oneMachine: boolean;
  file: ConnectionsFile;
  /** ids of other AWS accounts that may keep rules of their own on the bus */
  subscriberAccounts: readonly string[];
  /** dollars a month of the account above which the topic of alarms is told; 0 for never */
  monthlyBudget: number;
};

/** Many times what Earshot costs while it is idle, and less than a mistake costs. */
const usualBudget = 50;

/** With a connection's id of 40 behind it, it must fit the 64 characters of a schedule's name. */
const namePattern = /^[a-z](?:[a-z0-9-]{0,21}[a-z0-9])?$/;

/** The settings of this app. Throws ConfigInvalid with a line per fault. */
export function readSettings(app: App): Settings {
  const name: unknown = app.node.tryGetContext('name') ?? 'earshot';
  // The CLI hands every -c value over as text.
  const oneMachine = String(app.node.tryGetContext('oneMachine')) === 'true';
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw new ConfigInvalid(['name: expected 1 to 23 of a-z, 0-9 and "-", with a letter first and no "-" last']);
  }
  return {
    name,
    oneMachine,
    file: readConnections(app.node.tryGetContext('connections'), { oneMachine }),
    subscriberAccounts: readSubscriberAccounts(app.node.tryGetContext('subscriberAccounts')),
    monthlyBudget: readBudget(app.node.tryGetContext('monthlyBudget') ?? usualBudget),
  };
}

/** The CLI hands every -c value over as text. Throws ConfigInvalid. */
function readBudget(value: unknown): number {
  const dollars = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof dollars !== 'number' || !Number.isInteger(dollars) || dollars < 0) {
    throw new ConfigInvalid(['monthlyBudget: expected whole dollars, or 0 for no budget']);
  }
  return dollars;
}

/** The same for the command line: a fault is a line on stderr, and any fault ends the process with exit code 1. */
export function readSettingsOrExit(app: App): Settings {
  try {
    return readSettings(app);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    process.stderr.write(error.faults.map((fault) => `${fault}\n`).join(''));
    process.exit(1);
  }
}
