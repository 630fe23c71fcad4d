import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const common = {
  // The CDK asks CloudFormation's rules, for seconds, only in processes of test/infra/app.test.ts.
  env: { POWERTOOLS_LOG_LEVEL: 'SILENT', CDK_VALIDATION: 'false' },
  testTimeout: 30_000,
  hookTimeout: 60_000,
  pool: 'forks' as const,
};

/**
 * Folders whose tests leave nothing behind at the top of a module or in their process: they share one, which reads the
 * code once, a sixth of all the time. What they open, each file opens for itself.
 */
const sharing = [
  'domain',
  'explorer',
  'functions',
  'infra',
  'ingest',
  'media',
  'providers',
  'publish',
  'storage',
  'webhooks',
];

/** Those in them that want a process of their own: they run a machine or a browser, or read what a logger writes. */
const alone = [
  'test/explorer/browser.test.ts',
  'test/infra/local/**/*.test.ts',
  'test/infra/app.test.ts',
  'test/functions/ingest/work-message.test.ts',
  'test/functions/lookup/hostile-content.test.ts',
  'test/functions/poll/poll-connection.test.ts',
  'test/functions/stream-failures.test.ts',
  'test/functions/webhook/refused.test.ts',
];

const inFolders = (folders: readonly string[]): string[] => folders.map((folder) => `test/${folder}/**/*.test.ts`);
const folders = readdirSync('test', { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? one.name : []));
const others = folders.filter((folder) => !sharing.includes(folder));

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...{ ...common, name: 'sharing', include: inFolders(sharing), exclude: alone, isolate: false },
          setupFiles: ['test/support/leave-nothing.ts'],
        },
      },
      { test: { ...common, name: 'own', include: ['test/*.test.ts', ...inFolders(others), ...alone] } },
    ],
  },
});
