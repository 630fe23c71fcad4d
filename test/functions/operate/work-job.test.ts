import { expect, it } from 'vitest';
import type { RunEnd } from '#functions/operate/run-operation.ts';
import { workJob } from '#functions/operate/work-job.ts';

const job = { kind: 'replays', id: 'o' } as const;

it.each([
  ['done', []],
  ['failed', []],
  ['ended', []],
  ['lost', []],
  ['timeUp', ['o in 0 s']],
  ['held', ['o in 20 s']],
] as const)('a run that is %s sends the job again: %j', async (end, expected) => {
  const sent: string[] = [];
  const sendAgain = async ({ id }: { id: string }, seconds: number) => void sent.push(`${id} in ${seconds} s`);
  await workJob({ run: async (): Promise<RunEnd> => end, sendAgain, now: () => 0 }, job);
  expect(sent).toEqual(expected);
});

it('fails the message where the job cannot be sent again', async () => {
  const sendAgain = () => Promise.reject(new Error('no queue'));
  await expect(workJob({ run: async () => 'timeUp', sendAgain, now: () => 0 }, job)).rejects.toThrow('no queue');
});
