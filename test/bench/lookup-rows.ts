import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { type LookupBench, openLookupBench } from './lookup-table.ts';
import { median, type Row } from './row.ts';

const pageSize = 25;
const deepPage = 1_000;
const gets = 1_500;
const pages = 200;

/** What a lookup costs: calls and rows of the store, time over the bare read, and that depth costs nothing. */
export async function lookupRows(): Promise<Row[]> {
  const bench = await openLookupBench(pageSize * (deepPage + 1));
  try {
    return [...(await storeCalls(bench)), await addedTime(bench), await depth(bench), ...(await rowsRead(bench))];
  } finally {
    await bench.close();
  }
}

const list = '/v1/conversations?connection=support';

async function get({ lookup, token }: LookupBench, target: string) {
  const answer = await lookup.get(target, token);
  if (answer.status !== 200) throw new Error(`${target} answered ${answer.status}`);
  return answer.json();
}

const pathOf = (bench: LookupBench, i: number): string => `/v1/conversations/${bench.stored[i]?.id}`;

async function storeCalls(bench: LookupBench): Promise<Row[]> {
  const ids = bench.stored.slice(0, 50).map(({ id }) => id);
  const lookups = [
    ['one by id', pathOf(bench, 0)],
    ['50 by id', `/v1/conversations?ids=${ids.join(',')}`],
    ['a list page', list],
  ] as const;
  const rows: Row[] = [];
  for (const [what, target] of lookups) {
    await get(bench, target);
    const { calls } = await bench.asking(() => get(bench, target));
    rows.push({ what: `store calls of a lookup: ${what}`, floor: 'one', value: calls, unit: 'calls', target: 1 });
  }
  return rows;
}

const wall = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

/** In turn, so that the machine's moods meet both. */
async function addedTime(bench: LookupBench): Promise<Row> {
  const documents = documentsOver(bench.client);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < gets; i++) {
    const one = i % bench.stored.length;
    const Key = conversationKey(bench.stored[one]?.uuid ?? '');
    const mine = async () => ours.push(await wall(() => get(bench, pathOf(bench, one))));
    const theirs = async () =>
      bare.push(await wall(() => documents.send(new GetCommand({ TableName: bench.table, Key }))));
    for (const each of i % 2 === 0 ? [mine, theirs] : [theirs, mine]) await each();
  }
  // The first ones compile the code.
  const settled = (values: readonly number[]) => median(values.slice(300));
  return {
    what: 'time that a lookup by id adds, median',
    floor: 'GetItem by the same client in the same loop',
    value: settled(ours) - settled(bare),
    unit: 'ms',
    target: 1,
    aim: 0.25,
    facts: { oursMs: settled(ours), floorMs: settled(bare) },
  };
}

/** The last page of a walk against its first, each asked for many times. */
async function depth(bench: LookupBench): Promise<Row> {
  let deep = list;
  for (let page = 1; page < deepPage; page++) {
    const { nextCursor } = await get(bench, deep);
    if (nextCursor === null) throw new Error(`the list ended on page ${page}`);
    deep = `${list}&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < pages; i++) {
    first.push(await wall(() => get(bench, list)));
    last.push(await wall(() => get(bench, deep)));
  }
  const asked = [await bench.asking(() => get(bench, list)), await bench.asking(() => get(bench, deep))];
  return {
    what: `page ${deepPage} of a list, median time`,
    floor: 'its page 1',
    value: median(last) / median(first),
    unit: 'ratio',
    target: 1.1,
    facts: { firstMs: median(first), rowsOfFirst: asked[0]?.rows ?? 0, rowsOfLast: asked[1]?.rows ?? 0 },
  };
}

/** Index rows that are read for each row that a page returns. */
async function rowsRead(bench: LookupBench): Promise<Row[]> {
  const [from, to] = [bench.stored[9_000]?.startedAt, bench.stored[8_000]?.startedAt];
  const filters = [
    ['connection', list],
    ['participant', '/v1/conversations?participant=agent-1'],
    ['time', `/v1/conversations?startedFrom=${from}&startedTo=${to}`],
  ] as const;
  const rows: Row[] = [];
  for (const [what, target] of filters) {
    let returned = 0;
    const { rows: read } = await bench.asking(async () => {
      returned = (await get(bench, target)).conversations.length;
    });
    rows.push({
      what: `index rows read for each row returned: by ${what}`,
      floor: 'one',
      value: read / returned,
      unit: 'ratio',
      target: 4,
      aim: 1.2,
    });
  }
  return rows;
}
