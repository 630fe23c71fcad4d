import type { Row } from './row.ts';
import { runStorm } from './storm.ts';

const deliveries = 10_000;

/** What becomes of a storm of deliveries that comes while the store is down. */
export async function storm(): Promise<Row[]> {
  const { lost, forgedAccepted, facts, ...end } = await runStorm(deliveries);
  const floor = '30 % doubled, 20 % of the pairs out of order, 5 % forged';
  const counted = { ...end, ...facts };
  return [
    {
      ...{ what: 'storm of 10,000 webhooks while the table refuses everything: lost after a 2xx', floor },
      ...{ value: lost + end.dead, unit: 'deliveries', target: 0, facts: counted },
    },
    {
      ...{ what: 'the same storm: forged deliveries accepted', floor: 'signed with another secret' },
      ...{ value: forgedAccepted, unit: 'deliveries', target: 0 },
    },
  ];
}
