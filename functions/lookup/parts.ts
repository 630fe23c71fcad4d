import { accessRoutes } from './access/routes.ts';
import { speaksAudit } from './audit/speaks.ts';
import { speaksMagpipe, speaksSalesloft, speaksTalkdesk, speaksVonage } from './dialects/speaks.ts';
import { documentRoutes } from './documents/routes.ts';
import { speaksExplorer } from './explorer/speaks.ts';
import { speaksOperations } from './operations/speaks.ts';
import { speaksQuarantine } from './quarantine/speaks.ts';
import type { Part } from './route.ts';
import { v1Routes } from './v1/routes.ts';

/** What every instance has from its start: tokens, records and what needs no token. */
export const corePart = { routes: [...accessRoutes, ...v1Routes, ...documentRoutes] };

/**
 * What an instance loads when the first request comes for it, by the paths that belong to it and to nothing else. Most
 * instances need one of these or none; with S3's client, which most of them use, they were a quarter of a start.
 */
export const lateParts: readonly Part[] = [
  {
    speaks: (path) => /^\/v1\/conversations\/[^/]+\/media\//.test(path),
    load: async () => ({ routes: (await import('./media/routes.ts')).mediaRoutes }),
  },
  {
    speaks: (path) => /^\/v1\/conversations\/[^/]+\/vcon(\.gz)?\/?$/.test(path),
    load: async () => ({ routes: (await import('./vcon/routes.ts')).vconRoutes }),
  },
  {
    speaks: (path) => /^\/v1\/conversations\/[^/]+\/hold\/?$/.test(path),
    load: async () => ({ routes: (await import('./holds/routes.ts')).holdRoutes }),
  },
  {
    speaks: speaksOperations,
    load: async () => ({ routes: (await import('./operations/routes.ts')).operationRoutes }),
  },
  {
    speaks: speaksQuarantine,
    load: async () => ({ routes: (await import('./quarantine/routes.ts')).quarantineRoutes }),
  },
  {
    speaks: speaksExplorer,
    load: async () => ({ routes: (await import('./explorer/routes.ts')).explorerRoutes }),
  },
  { speaks: speaksAudit, load: async () => ({ routes: (await import('./audit/routes.ts')).auditRoutes }) },
  { speaks: speaksVonage, load: async () => (await import('./dialects/vonage/dialect.ts')).vonage },
  { speaks: speaksTalkdesk, load: async () => (await import('./dialects/talkdesk/dialect.ts')).talkdesk },
  { speaks: speaksSalesloft, load: async () => (await import('./dialects/salesloft/dialect.ts')).salesloft },
  { speaks: speaksMagpipe, load: async () => (await import('./dialects/magpipe/dialect.ts')).magpipe },
];
