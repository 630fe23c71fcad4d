/** Runs `load` at most once per key while its answer is young. `lifeMs` may depend on the answer: what was dear lives longer. */
export function remember<T>(
  now: () => number,
  load: (key: string) => Promise<T>,
  lifeMs: (value: T) => number,
): (key: string) => Promise<T> {
  const kept = new Map<string, { value: T; until: number }>();
  const loading = new Map<string, Promise<T>>();
  const reload = async (key: string): Promise<T> => {
    try {
      const value = await load(key);
      kept.set(key, { value, until: now() + lifeMs(value) });
      return value;
    } finally {
      loading.delete(key);
    }
  };
  return (key) => {
    const known = kept.get(key);
    if (known && now() < known.until) return Promise.resolve(known.value);
    const running = loading.get(key) ?? reload(key);
    loading.set(key, running);
    return running;
  };
}
