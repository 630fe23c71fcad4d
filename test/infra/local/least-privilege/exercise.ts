import type { Machine } from '#infra/local/machine.ts';
import type { Accounts } from './accounts.ts';
import { changeOften } from './changes.ts';
import { copyAll } from './copies.ts';
import { letDie, redrive } from './dead-letters.ts';
import { erase, expire } from './erasures.ts';
import { askEverything } from './lookups.ts';
import { outside } from './outside.ts';
import { deliverAll } from './webhooks.ts';

/** Everything that users and operators do, and everything that may go wrong, on a machine that runs. */
export async function exercise(machine: Machine, accounts: Accounts): Promise<void> {
  const user = outside(machine.address);
  const { ids } = accounts;
  const copied = copyAll(machine, user, accounts);
  const changes = changeOften(machine, user, `sales:${ids.long}`, async (text) => accounts.summarize(ids.long, text));
  await deliverAll(machine, user, accounts);
  await changes;
  await letDie(machine, accounts);
  await Promise.all([redrive(user), askEverything(machine, user, accounts)]);
  await copied;
  await erase(machine, user, accounts);
  await expire(machine, user);
}
