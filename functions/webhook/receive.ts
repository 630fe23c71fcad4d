import type { Account } from './accounts.ts';
import type { Keep } from './inbox.ts';
import type { Incoming } from './incoming.ts';
import { jsonTextOf } from './json-text.ts';
import type { Judge } from './judge.ts';
import { lookOver } from './look-over.ts';
import type { Refusal } from './refusals.ts';

export type Desk = {
  find: (path: string) => Account | undefined;
  judge: Judge;
  keep: Keep;
  /** our clock, milliseconds since 1970 */
  now: () => number;
};

/** What came of a delivery: null where it is durable now. `connection` is the id of the one it was for, if there is such. */
export type Reception = { refusal: Refusal | null; connection?: string };

/** Longest name of an event that is handed on (characters): who believes it compares it with names that he knows. */
const longestEvent = 100;

/**
 * Takes a delivery: verified over its raw bytes, kept, and nothing else. What it means is found out later; one that means
 * nothing to us is as genuine as the others. Throws where it could not be verified or kept.
 */
export async function receive({ find, judge, keep, now }: Desk, incoming: Incoming): Promise<Reception> {
  const account = find(incoming.path);
  if (!account) return { refusal: 'notFound' };
  const { connection, scheme } = account;
  const refused = (refusal: Refusal): Reception => ({ refusal, connection: connection.id });

  const fault = lookOver(incoming, scheme);
  if (fault) return refused(fault);
  const { headers, body } = incoming;
  const receivedAt = now();
  const judgement = await judge(account, { headers, body, now: receivedAt });
  if (!judgement.isGenuine) return refused(judgement.fault);
  const text = jsonTextOf(body);
  if (text === null) return refused('notJson');

  const event = scheme.eventHeader === undefined ? null : (headers[scheme.eventHeader]?.slice(0, longestEvent) ?? null);
  const { id, isSigned } = judgement;
  await keep({ connection, id, event, isSigned, text, receivedAt });
  return { refusal: null, connection: connection.id };
}
