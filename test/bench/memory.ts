import * as z from 'zod';
import { runChild, startChild } from './children.ts';
import { median, type Row } from './row.ts';
import { pageSize } from './shape.ts';

const [few, many] = [10_000, 100_000];
const usedSchema = z.object({ records: z.number(), peakRssMb: z.number(), heapMb: z.number() });
type Used = z.infer<typeof usedSchema>;

/** Peak memory of a run of many records over that of one of few, each in a fresh process. */
export async function memory(): Promise<Row[]> {
  const rounds: { small: Used; large: Used }[] = [];
  for (let round = 0; round < 3; round++) rounds.push({ small: await usedBy(few), large: await usedBy(many) });
  const of = (size: 'small' | 'large', field: 'peakRssMb' | 'heapMb'): number =>
    median(rounds.map((round) => round[size][field]));
  return [
    {
      what: `peak memory (RSS) of reading ${many.toLocaleString('en')} records up to the store call`,
      floor: `the same of ${few.toLocaleString('en')} records; medians of three each`,
      value: of('large', 'peakRssMb') / of('small', 'peakRssMb'),
      unit: 'ratio',
      target: 1.1,
      rounds: rounds.map(({ small, large }) => large.peakRssMb / small.peakRssMb),
      facts: {
        peakMbFew: of('small', 'peakRssMb'),
        peakMbMany: of('large', 'peakRssMb'),
        heapAfterGcMbFew: of('small', 'heapMb'),
        heapAfterGcMbMany: of('large', 'heapMb'),
      },
    },
  ];
}

async function usedBy(records: number): Promise<Used> {
  const provider = await startChild('./endless-provider-process.ts', String(records / pageSize));
  const used = usedSchema.parse(JSON.parse(await runChild('./memory-process.ts', provider.url)));
  provider.stop();
  if (used.records !== records) throw new Error(`read ${used.records} of ${records} records`);
  return used;
}
