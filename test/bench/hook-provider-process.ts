import { jsonAnswer, pathOf } from '#infra/local/fakes/exchange.ts';
import { fakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';
import type { MagpipeCall } from '#infra/local/fakes/magpipe/world.ts';
import { serveFake } from '#infra/local/fakes/serve.ts';
import { benchHistory, quickLimit } from './hook-world.ts';

/**
 * A provider in a process of its own with as many calls of the last month as its argument says. A POST to /show/<id> makes
 * a call of that id visible at once. The address is printed.
 */
const world = benchHistory(Number(process.argv[2]), Number(process.argv[3]));
const fake = fakeMagpipe({ world, now: Date.now, rateLimit: { ...quickLimit, headers: 'none' } });

function showCall(id: string): void {
  const nowUs = Date.now() * 1_000;
  const seconds = (n: number): number => nowUs - n * 1_000_000;
  const call: MagpipeCall = {
    ...{ id, agentId: null, agentName: null, direction: 'inbound', metadata: null, malformed: undefined },
    ...{ customerNumber: '+442079460001', serviceNumber: '+442079460002' },
    ...{ createdAtUs: seconds(60), visibleAtUs: nowUs, answeredAtUs: seconds(58), endedAtUs: seconds(5) },
    statuses: [{ atUs: seconds(60), status: 'completed' }],
    turns: [{ speaker: 'agent', text: 'Good morning.', startSeconds: 0, endSeconds: 2 }],
    ...{ transcriptAtUs: seconds(5), hasSegments: true, sentiment: null, summary: null, recordingAtUs: null },
  };
  world.calls.push(call);
}

const { origin } = await serveFake({
  requests: fake.requests,
  handle: (request) => {
    const [, shown] = /^\/show\/([\w-]+)$/.exec(pathOf(request)) ?? [];
    if (shown === undefined) return fake.handle(request);
    showCall(shown);
    return jsonAnswer(200, {});
  },
});
process.stdout.write(`${origin}\n`);
