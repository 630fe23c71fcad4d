import type { DatabaseSync } from 'node:sqlite';
import { nameOfArn } from '../template/arns.ts';

/** An event on its way to a target. `accepted` in milliseconds since the epoch. */
export type Delivery = {
  targetArn: string;
  /** the JSON that the target gets */
  input: unknown;
  accepted: number;
  maxRetries: number;
  maxAgeMs: number;
  deadLetterArn: string | undefined;
};

/** Hands an input to a target; it throws when the target did not take it. */
export type Deliver = (targetArn: string, input: unknown) => Promise<void>;

export type Deliveries = {
  /** Durable when it returns; the target gets it soon after, at least once. */
  add(deliveries: readonly Delivery[]): void;
  close(): Promise<void>;
};

export const deliverySchema = `
  CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT, attempts INTEGER DEFAULT 0, next INTEGER);
  CREATE INDEX IF NOT EXISTS deliveries_next ON deliveries (next);`;

const atOnce = 16;
const longestPauseMs = 60_000;

/**
 * What was accepted and not yet delivered is a row, so a crash only delays it. A target that fails is tried again after
 * 1 s, 2 s, 4 s … 60 s; when its retry policy ends, the input goes to its dead-letter queue, or is dropped and reported.
 */
export function startDeliveries(
  database: DatabaseSync,
  { deliver, report, now }: { deliver: Deliver; report: (problem: string) => void; now: () => number },
): Deliveries {
  const insert = database.prepare('INSERT INTO deliveries (delivery, next) VALUES (?, ?)');
  const due = database.prepare('SELECT * FROM deliveries WHERE next <= ? ORDER BY next, seq LIMIT ?');
  const earliest = database.prepare('SELECT min(next) AS next FROM deliveries WHERE next > ?');
  const running = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function pump(): void {
    if (closed) return;
    for (const row of due.all(now(), atOnce * 2)) {
      const seq = Number(row['seq']);
      if (running.size >= atOnce) return; // one that ends pumps again
      if (running.has(seq)) continue;
      const task = attempt(seq, JSON.parse(String(row['delivery'])), Number(row['attempts']) + 1);
      running.set(seq, task);
    }
    clearTimeout(timer);
    const next = earliest.get(now())?.['next'];
    if (typeof next === 'number') timer = setTimeout(pump, Math.max(1, next - now()));
  }

  async function attempt(seq: number, delivery: Delivery, attempts: number): Promise<void> {
    let problem: string | undefined;
    try {
      await deliver(delivery.targetArn, delivery.input);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    running.delete(seq);
    if (closed) return; // the row stays, and is tried again at the next start
    if (problem === undefined) remove(seq);
    else tryLater(seq, delivery, attempts, problem);
    pump();
  }

  function tryLater(seq: number, delivery: Delivery, attempts: number, problem: string): void {
    const pause = Math.min(longestPauseMs, 1000 * 2 ** (attempts - 1));
    if (attempts <= delivery.maxRetries && now() + pause < delivery.accepted + delivery.maxAgeMs) {
      database.prepare('UPDATE deliveries SET attempts = ?, next = ? WHERE seq = ?').run(attempts, now() + pause, seq);
      return;
    }
    const target = nameOfArn(delivery.targetArn);
    report(`an event was not delivered to ${target} after ${attempts} attempts: ${problem}`);
    remove(seq);
    if (delivery.deadLetterArn === undefined) return;
    add([{ ...delivery, targetArn: delivery.deadLetterArn, deadLetterArn: undefined, accepted: now() }]);
  }

  function remove(seq: number): void {
    database.prepare('DELETE FROM deliveries WHERE seq = ?').run(seq);
  }

  function add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) insert.run(JSON.stringify(delivery), now());
    setImmediate(pump);
  }

  setImmediate(pump);
  return {
    add,
    async close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
