import { defineConfig } from 'vitest/config';

const common = {
  // The CDK asks CloudFormation's rules, for seconds, only in processes of test/infra/app.test.ts.
  env: { POWERTOOLS_LOG_LEVEL: 'SILENT', CDK_VALIDATION: 'false' },
  testTimeout: 30_000,
  hookTimeout: 60_000,
  pool: 'forks' as const,
};

/** Tests that keep nothing at the top of a module but what never changes: one process after the other reads the code once. */
const plain = ['test/providers/**/*.test.ts', 'test/domain/**/*.test.ts', 'test/webhooks/**/*.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'plain', include: plain, isolate: false } },
      { test: { ...common, name: 'own', include: ['test/**/*.test.ts'], exclude: plain } },
    ],
  },
});
