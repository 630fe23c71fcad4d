import { type FakeRequest, pathOf } from '#infra/local/fakes/exchange.ts';
import type { FaultPlan } from '#infra/local/fakes/faults/fault.ts';
import type { FakeProvider } from '#infra/local/fakes/provider.ts';
import { between, seededRandom } from '#infra/local/fakes/random.ts';

/** One request of the API: when it came, what it cost, and what the neighbour took just before it. */
export type Metered = { atMs: number; status: number; cost: number; eaten: number };

export type Neighbour = {
  /** to be played by the fake */
  faults: FaultPlan;
  /** the fake with a meter at its door */
  watch: (fake: FakeProvider, now: () => number) => { requests: Metered[]; provider: FakeProvider };
};

/** A token costs nothing of any budget. */
const isApi = (request: FakeRequest): boolean => !pathOf(request).endsWith('/token');

/**
 * Another integration of the same account: with each request of ours it takes 0 to 2 points at random, half of the
 * budget in the long run. `isThere` false: there is none, and it takes nothing.
 */
export function openNeighbour(isThere: boolean): Neighbour {
  const random = seededRandom('neighbour');
  let drawn: { request: FakeRequest | null; lot: number } = { request: null, lot: 0 };
  const lotOf = (request: FakeRequest): number => {
    if (drawn.request !== request) drawn = { request, lot: isThere && isApi(request) ? between(random, 0, 2) : 0 };
    return drawn.lot;
  };
  const faults = [1, 2].map((eat) => ({
    match: (request: FakeRequest) => lotOf(request) === eat,
    fault: { name: 'neighbour', eat },
  }));
  return {
    faults,
    watch: (fake, now) => {
      const requests: Metered[] = [];
      const handle: FakeProvider['handle'] = (request) => {
        const before = fake.requests.cost;
        const reply = fake.handle(request);
        const cost = fake.requests.cost - before;
        if (isApi(request)) requests.push({ atMs: now(), status: reply.status, cost, eaten: lotOf(request) });
        return reply;
      };
      return { requests, provider: { handle, requests: fake.requests } };
    },
  };
}
