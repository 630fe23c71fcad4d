import { defineConfig } from 'vitest/config';

/** `npm run crash`: the crash tests at full length, all pairs of stops and 100 kills. */
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT', EARSHOT_CRASH_ALL_PAIRS: '1' },
    pool: 'forks',
    maxWorkers: 2,
  },
});
