import * as z from 'zod';
import { ConfigInvalid } from '#shared/domain/errors.ts';

const accountsSchema = z.array(z.string().regex(/^\d{12}$/));

/** As many as a bus's policy has room for in its 10 KB, beside what else it says. */
const mostAccounts = 100;

/**
 * The accounts that the context `subscriberAccounts` names: a list in cdk.json, or their ids with commas between them, as
 * the command line gives it. Throws ConfigInvalid with a line per fault.
 */
export function readSubscriberAccounts(context: unknown): string[] {
  const given = typeof context === 'string' ? context.split(',').map((id) => id.trim()) : (context ?? []);
  const { data, error } = accountsSchema.safeParse(given);
  if (!data) {
    throw new ConfigInvalid(
      error.issues.map(({ path }) => {
        const place = path.map((at) => `[${String(at)}]`).join('');
        return `subscriberAccounts${place}: expected ${place === '' ? 'a list of accounts' : 'an account: twelve digits, as text'}`;
      }),
    );
  }
  if (data.length > mostAccounts) throw new ConfigInvalid([`subscriberAccounts: expected at most ${mostAccounts}`]);
  return [...new Set(data)];
}
