import * as z from 'zod';
import { env, pageFolder } from '#shared/facts/env.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { openStore } from '#shared/storage/document-client.ts';
import { late } from '#shared/storage/late.ts';
import { openSecrets } from '#shared/storage/secrets.ts';
import { serve } from './http/serve.ts';
import { openLookup } from './lookup.ts';
import { readLog } from './records/reads.ts';

const now = () => Date.now();

/** Who reads records alone leaves no line, and needs no client for it. */
const group = requireEnv(env.readLog);
const lines = late(async () => (await import('#shared/storage/read-log.ts')).openLineLog(group));

/** The lookup's Function URL. */
export const handler = serve(
  openLookup({
    file: loadConnections(),
    store: openStore(),
    secrets: openSecrets(now),
    signingSecret: requireEnv(env.signingSecret),
    settleMs: Number(requireEnv(env.settleMs)),
    recordsSince: z.record(z.string(), z.number()).parse(JSON.parse(requireEnv(env.recordsSince))),
    reads: readLog({ append: async (...given) => (await lines()).append(...given) }, now),
    documents: new URL('.', import.meta.url),
    page: new URL(`${pageFolder}/`, import.meta.url),
    now,
  }),
);
