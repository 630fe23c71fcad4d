/** One line of the benchmark's table. `value` is a ratio or a count; smaller is better in every row. */
export type Row = {
  what: string;
  /** what `value` is measured against */
  floor: string;
  value: number;
  unit: 'ratio' | 'units' | 'requests' | 'units/record' | 'MB';
  target: number;
  aim?: number;
  /** the rounds behind the median, where there were several */
  rounds?: number[];
  /** what else was counted, for the reader of the JSON */
  facts?: Record<string, number>;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)] ?? Number.NaN, sorted[middle] ?? Number.NaN];
  return (low + high) / 2;
};

/** Microseconds of CPU (user and system) that this process spends on `work`. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Ours and the floor in turn, so that a change of the machine's speed meets both; a ratio for each round. */
export async function interleaved(ours: () => Promise<number>, floor: () => Promise<number>, rounds = 5): Promise<{ ratios: number[]; ours: number[]; floor: number[] }> {
  await ours();
  await floor();
  const result = { ratios: [] as number[], ours: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    // The floor first in every second round: who comes second finds the caches warm.
    const first = round % 2 === 0 ? await ours() : await floor();
    const second = round % 2 === 0 ? await floor() : await ours();
    const [mine, least] = round % 2 === 0 ? [first, second] : [second, first];
    result.ours.push(mine);
    result.floor.push(least);
    result.ratios.push(mine / least);
  }
  return result;
}
