/** Ends what was started, last first; each step gets its turn whatever became of the others. */
export type Closers = { add: (close: () => unknown) => void; closeAll: () => Promise<void> };

export function openClosers(): Closers {
  const steps: (() => unknown)[] = [];
  return {
    add: (close) => void steps.push(close),
    closeAll: async () => {
      for (const close of steps.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          process.stderr.write(`while stopping: ${error instanceof Error ? error.message : String(error)}\n`);
        }
      }
    },
  };
}
