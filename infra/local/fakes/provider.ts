import type { FakeAnswer, FakeRequest } from './exchange.ts';
import { bytesOf, pathOf, withHeaders } from './exchange.ts';
import type { FaultPlan, WireFault } from './faults/fault.ts';

/** What a fake remembers between requests: a budget or a rate. */
export type Meter = {
  /** Takes what the request costs, and may turn its answer into a 429. */
  charge(request: FakeRequest, answer: FakeAnswer, nowMs: number): { answer: FakeAnswer; cost: number };
  /** Somebody else spends from the same budget. */
  spend(points: number, nowMs: number): void;
};

export type LoggedRequest = {
  readonly request: FakeRequest;
  readonly path: string;
  readonly atMs: number;
  readonly status: number;
  /** points taken from the budget */
  readonly cost: number;
  /** of the answer's body, as far as it is sent */
  readonly bytes: number;
  /** name of the fault that was played */
  readonly fault: string | undefined;
};

/** The latest requests, oldest first, and counts over all of them. */
export type RequestLog = { readonly entries: readonly LoggedRequest[]; readonly total: number; readonly cost: number };

export type FakeReply = FakeAnswer & { readonly wire?: WireFault };

/** A fake without its socket. */
export type FakeProvider = { handle(request: FakeRequest): FakeReply; readonly requests: RequestLog };

const keptEntries = 20_000;

export function fakeProvider(options: {
  readonly now: () => number;
  readonly answer: (request: FakeRequest, nowMs: number) => FakeAnswer;
  readonly meter: Meter;
  readonly faults: FaultPlan;
}): FakeProvider {
  const { now, meter, faults } = options;
  const requests = { entries: [] as LoggedRequest[], total: 0, cost: 0 };
  const seen = new Map<string, number>();
  const handle = (request: FakeRequest): FakeReply => {
    const nowMs = now();
    const path = pathOf(request);
    const nth = (seen.get(`${request.method} ${path}`) ?? 0) + 1;
    seen.set(`${request.method} ${path}`, nth);
    const fault = faults.find((rule) => rule.match(request, nth))?.fault;
    fault?.before?.(nowMs);
    if (fault?.eat !== undefined) meter.spend(fault.eat, nowMs);
    const asked = fault?.rewrite?.(request) ?? request;
    const { answer, cost } = fault?.instead
      ? { answer: fault.instead(asked), cost: 0 }
      : meter.charge(asked, options.answer(asked, nowMs), nowMs);
    const dated = withHeaders(answer, { date: new Date(nowMs).toUTCString() });
    const edited = fault?.edit?.(dated, request) ?? dated;
    const bytes = sentBytes(edited, fault?.wire);
    requests.entries.push({ request, path, atMs: nowMs, status: edited.status, cost, bytes, fault: fault?.name });
    if (requests.entries.length > keptEntries) requests.entries.splice(0, keptEntries / 2);
    requests.total += 1;
    requests.cost += cost;
    return fault?.wire ? { ...edited, wire: fault.wire } : edited;
  };
  return { handle, requests };
}

function sentBytes(answer: FakeAnswer, wire: WireFault | undefined): number {
  const length = bytesOf(answer).length;
  return wire && 'afterBytes' in wire ? Math.min(Math.max(0, wire.afterBytes), length) : length;
}
