/** One line of the benchmark's table. `value` is a ratio or a count; smaller is better in every row. */
export type Row = {
  what: string;
  /** what `value` is measured against */
  floor: string;
  value: number;
  unit: 'ratio' | 'units' | 'units/record' | 'units/request' | 'calls' | 'deliveries' | 'ms' | 'KB' | 'MB';
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

type Work = () => Promise<number>;
type Rounds = { ratios: number[]; ours: number[]; floor: number[] };

/**
 * Ours and the floor in turn, so that a change of the machine's speed meets both; a ratio for each round. Rounds whose
 * floor varied over 2x tell of the machine and are void: they are measured again, twice at most.
 */
export async function interleaved(ours: Work, floor: Work, rounds = 5): Promise<Rounds> {
  await ours();
  await floor();
  for (let left = 2; ; left--) {
    const measured = await measure(ours, floor, rounds);
    if (left === 0 || Math.max(...measured.floor) <= 2 * Math.min(...measured.floor)) return measured;
  }
}

async function measure(ours: Work, floor: Work, rounds: number): Promise<Rounds> {
  const result: Rounds = { ratios: [], ours: [], floor: [] };
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
