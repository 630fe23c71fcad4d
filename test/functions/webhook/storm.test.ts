import { expect, it } from 'vitest';
import { runStorm } from '#test/bench/storm.ts';

/** `npm run bench` sends twenty times as many. */
it('loses nothing that was accepted while the table refuses everything, and takes nothing forged', async () => {
  const { facts, ...end } = await runStorm(500);
  expect(end).toEqual({ accepted: 474, lost: 0, forgedAccepted: 0, needless: 0, dead: 0 });
  expect(facts).toEqual({ doubled: 150, outOfOrder: 32, refused: 25, conversations: 162, failedRuns: 474 });
}, 120_000);
