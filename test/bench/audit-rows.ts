import './quiet-log.ts';
import { S3Client } from '@aws-sdk/client-s3';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { connectionsFile, lookupOver } from '#test/functions/lookup/lookup-harness.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { fillSpan, keepHour } from './audit-world.ts';
import type { Row } from './row.ts';
import { benchNow } from './shape.ts';

const inDay = 100_000;
const inHour = Math.round(inDay / 24);
const dayMs = 24 * hourMs;
const connection = 'support';
/** More than a row holds, so that the hour's ids have to be read. */
const missingOfHour = 200;
/** Before the first reading of an hour, an hour behind its end, and while the newest goes on. */
const unreadHours = 3;

type Asked = { calls: number };
type Audit = {
  hours: { computedAt: string | null; gaps: string[] }[];
  totals: { stored: number; gaps: number; unverified: number };
};

/**
 * What the audit of a day asks of the store: of one that is read, of the one that goes on, with hours that nobody has read
 * yet, and of one in which every hour lacks more ids than its row holds.
 */
export async function auditRows(): Promise<Row[]> {
  const opened = await testStore();
  const { store } = opened;
  const asked = countCalls(opened);
  const now = hourOf(benchNow);
  try {
    const read = await filledDay(store, now - 3 * dayMs, 24, 0);
    const lacking = await filledDay(store, now - 2 * dayMs, 24, missingOfHour);
    const goingOn = await filledDay(store, now - dayMs, 24 - unreadHours, 0);
    const facts = {
      ofDayThatIsRead: await auditOf(store, asked, read),
      ofDayThatGoesOn: await auditOf(store, asked, goingOn),
      ofDayThatLacksIds: await auditOf(store, asked, lacking),
    };
    return [
      {
        what: `store calls of the audit of one day at ${inDay} conversations, the worst of three such days`,
        floor: 'a query for the hours',
        value: Math.max(...Object.values(facts)),
        unit: 'calls',
        target: 30,
        facts,
      },
    ];
  } finally {
    await opened.close();
  }
}

type Day = { from: number; stored: number; missing: number };

/**
 * A day of which the first hours are read. Their conversations are not asked for, so only those of the last of them are there,
 * beside the ones of the hours behind it.
 */
async function filledDay(store: Store, from: number, readHours: number, missing: number): Promise<Day> {
  const readUntil = from + readHours * hourMs;
  for (let hour = from; hour < readUntil; hour += hourMs)
    await keepHour(store, { connection, hour }, { stored: inHour, missing });
  const unread = { from: readUntil - hourMs, to: from + dayMs };
  await fillSpan(store, connection, { ...unread, count: (24 - readHours + 1) * inHour });
  return { from, stored: 24 * inHour, missing: readHours * missing };
}

/** Calls of one request, by a lookup that has nothing in memory; throws where the answer is not the whole truth. */
async function auditOf(store: Store, asked: Asked, { from, stored, missing }: Day): Promise<number> {
  const lookup = lookupOver(store, { now: from + dayMs - 1 }, connectionsFile);
  const token = await lookup.token('crm');
  asked.calls = 0;
  const span = `from=${formatInstant(from)}&to=${formatInstant(from + dayMs)}`;
  const answer = await lookup.get(`/v1/audit?connection=${connection}&${span}`, token);
  const { calls } = asked;
  const { hours, totals }: Audit = JSON.parse(answer.text);
  const named = hours.reduce((sum, { gaps }) => sum + gaps.length, 0);
  const isWhole = hours.length === 24 && hours.every(({ computedAt }) => computedAt !== null);
  if (!isWhole || totals.stored !== stored || totals.gaps !== missing || named !== missing)
    throw new Error(`the audit showed ${JSON.stringify(totals)} and ${named} ids`);
  return calls;
}

/** Counts the calls of both clients. */
function countCalls({ dynamodb, store }: TestStore): Asked {
  const asked = { calls: 0 };
  const { objects } = store;
  if (!(objects instanceof S3Client)) throw new TypeError('no client of S3');
  dynamodb.client.middlewareStack.add(
    (next) => (call) => {
      asked.calls += 1;
      return next(call);
    },
    { step: 'initialize' },
  );
  objects.middlewareStack.add(
    (next) => (call) => {
      asked.calls += 1;
      return next(call);
    },
    { step: 'initialize' },
  );
  return asked;
}
