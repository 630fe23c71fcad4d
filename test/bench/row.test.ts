import { expect, it } from 'vitest';
import { cpuOf, interleaved, median } from './row.ts';

it('the median is the middle, or between the two of the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 9])).toBe(9.5);
  expect(median([])).toBeNaN();
});

it('ours and the floor take turns at being first, after one unmeasured round', async () => {
  const order: string[] = [];
  const timed = (name: string, values: number[]) => async () => {
    order.push(name);
    return values[order.filter((each) => each === name).length - 1] ?? 0;
  };
  const result = await interleaved(timed('ours', [99, 4, 9, 8]), timed('floor', [1, 2, 3, 4]), 3);
  expect(order.join(' ')).toBe('ours floor ours floor floor ours ours floor');
  expect(result).toEqual({ ratios: [2, 3, 2], ours: [4, 9, 8], floor: [2, 3, 4] });
});

it('rounds whose floor varied over 2x are void, and measured again twice at most', async () => {
  const floors = [1, 4, 9, 4, 8, 4];
  expect(
    (
      await interleaved(
        async () => 8,
        async () => floors.shift() ?? 0,
        2,
      )
    ).floor,
  ).toEqual([4, 8]);
  let calls = 0;
  await interleaved(
    async () => 8,
    async () => 3 ** calls++,
    2,
  );
  expect(calls).toBe(1 + 3 * 2);
});

it('counts the CPU that was spent, not the time that passed', async () => {
  const idle = await cpuOf(() => new Promise((resolve) => setTimeout(resolve, 60)));
  const busy = await cpuOf(async () => {
    const until = performance.now() + 60;
    while (performance.now() < until);
  });
  expect(idle).toBeLessThan(busy);
});
