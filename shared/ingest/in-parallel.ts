/** Askings and writes in flight at once: the store's answers overlap, the provider's budget is the limit anyway. */
const concurrency = 8;

/**
 * Runs them a few at a time. After a failure none is begun, those begun are awaited, and the failure is thrown. Few take
 * turns at one queue: a library's bookkeeping for each of them was a sixth of all the work on a record.
 */
export async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      if (failures.length > 0) return;
      await run(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}
