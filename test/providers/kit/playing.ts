import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import type { Fault, FaultRule } from '#infra/local/fakes/faults/fault.ts';
import type { Account } from './account.ts';

/** Plays one fault at every request from now on, or none. */
export function playing({ faults }: Account, fault: Fault | null): void {
  faults.splice(0, faults.length, ...(fault ? [{ match: () => true, fault }] : []));
}

/** Plays a fault at the first sendings of every question. */
export function atFirst(times: number, fault: Fault): FaultRule {
  const sent = new Map<string, number>();
  const match = ({ method, url, body }: FakeRequest): boolean => {
    const question = `${method} ${url} ${body}`;
    sent.set(question, (sent.get(question) ?? 0) + 1);
    return (sent.get(question) ?? 0) <= times;
  };
  return { fault, match };
}
