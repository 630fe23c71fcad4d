import * as z from 'zod';
import { gapCount } from '#shared/domain/hour-books.ts';
import { instant } from '#shared/domain/instant-schema.ts';
import { hourMs, hourOf, hoursIn } from '#shared/domain/ledger.ts';
import { listHours } from '#shared/storage/ledger-rows.ts';
import type { Call } from '../call.ts';
import { badParameters, notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { type VisibleConnection, visibleConnections } from '../records/visible-connections.ts';
import { type Effort, fromRow } from './audit-hour.ts';
import { type AuditHour, auditSchema, type counts } from './audit-schema.ts';
import { countUnread } from './count-unread.ts';

const dayMs = 24 * hourMs;
const longestDays = 31;
/** Hours that one request shows: of one connection the longest span, of several fewer hours each. */
const mostHours = longestDays * 24;

/** Calls of the store for one request beside reading the rows, shared among the connections, each of which has a few. */
const mostCalls = 26;
const leastCalls = 3;

export const auditParameters = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection')
    .optional(),
  from: instant.optional().meta({ description: 'included; a day before `to` where it is left out' }),
  to: instant
    .optional()
    .meta({ description: `excluded; now where it is left out; at most ${longestDays} days behind \`from\`` }),
});

/** `GET /v1/audit`: the hours that have a part in `[from, to)` and have begun, oldest first. */
export async function answerAudit(call: Call): Promise<Answer> {
  const { connection, ...span } = parseParameters(auditParameters, readQuery(call.request.query));
  const window = windowOf(span, call.lookup.now());
  const visible = (await visibleConnections(call)).filter(({ id }) => connection === undefined || id === connection);
  if (connection !== undefined && visible.length === 0) throw notFound('connection');
  const wanted = hoursIn(window);
  if (visible.length > 1 && visible.length * wanted.length > mostHours)
    throw badParameters([{ name: 'connection', description: `expected one, for more than ${mostHours} hours in all` }]);
  const calls = Math.max(leastCalls, Math.floor(mostCalls / Math.max(1, visible.length)));
  const hours: AuditHour[] = [];
  for (const account of visible) {
    const shown = await showHours(call, account, wanted, { calls });
    hours.push(...wanted.flatMap((hour) => shown.get(hour) ?? []));
  }
  return jsonAnswer(auditSchema.parse({ hours, totals: totalsOf(hours) }));
}

/** Those with a row, and then, with what is left of the effort, the others. */
async function showHours(
  call: Call,
  account: VisibleConnection,
  wanted: readonly number[],
  effort: Effort,
): Promise<Map<number, AuditHour>> {
  const shown = new Map<number, AuditHour>();
  const rows = wanted.length === 0 ? [] : await listHours(call.lookup.store, account.id, spanOf(wanted));
  for (const row of rows) shown.set(row.hour, await fromRow(call, row, effort));
  const unread = wanted.filter((hour) => !shown.has(hour));
  for (const [hour, counted] of await countUnread(call, account, unread, effort)) shown.set(hour, counted);
  return shown;
}

const spanOf = (hours: readonly number[]) => ({ from: hours[0] ?? 0, to: (hours.at(-1) ?? 0) + hourMs });

function windowOf(span: { from?: string | undefined; to?: string | undefined }, now: number) {
  const to =
    span.to === undefined
      ? Math.max(now, span.from === undefined ? now : Date.parse(span.from) + 1)
      : Date.parse(span.to);
  const from = span.from === undefined ? to - dayMs : Date.parse(span.from);
  if (from >= to) throw badParameters([{ name: 'to', description: 'expected an instant behind `from`' }]);
  if (to - from > longestDays * dayMs)
    throw badParameters([{ name: 'to', description: `expected at most ${longestDays} days behind \`from\`` }]);
  // An hour that has not begun has nothing to show.
  return { from, to: Math.min(to, hourOf(now) + hourMs) };
}

function totalsOf(hours: readonly AuditHour[]) {
  const sum = (field: keyof typeof counts): number => hours.reduce((total, hour) => total + hour[field], 0);
  const totals = {
    ...{ listed: sum('listed'), stored: sum('stored'), quarantined: sum('quarantined') },
    ...{ erased: sum('erased'), expired: sum('expired'), missingAtSource: sum('missingAtSource') },
  };
  return {
    ...totals,
    gaps: gapCount(totals),
    unverified: hours.filter(({ verifiedAt }) => verifiedAt === null).length,
  };
}
