import * as z from 'zod';
import type { Connection } from '#shared/domain/connections.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { isDegraded } from '#shared/domain/stream-health.ts';
import type { StreamState } from '#shared/storage/streams.ts';

/** What an operator should do, by the code of the error. */
const advice: Readonly<Record<string, string>> = {
  CredentialsRejected:
    "The provider refuses the credentials: correct the connection's secret or its rights at the provider.",
  PermissionMissing: 'The credentials lack a permission: grant it at the provider.',
  ProviderUnavailable: 'The provider does not answer: nothing to do, each run tries again; check baseUrl if it lasts.',
  RateLimited: "The request budget is spent: nothing to do; raise rateLimit if the account's real limit is higher.",
  ResponseInvalid: 'The provider sends what its API does not describe: check baseUrl, then report it with the time.',
  RequestRejected: 'The provider refuses our request: check baseUrl and account, then report it with the time.',
  NotAtProvider: 'The provider has nothing at this address: check baseUrl.',
  HostRefused:
    "A link in the provider's data leads to another host: if it is the provider's own, add it to mediaHosts.",
  RecordInvalid:
    'A record of the provider cannot be read: GET /v1/quarantine keeps such records, report it with the time.',
  ServiceUnavailable:
    'A service of AWS refuses our requests: nothing to do, each run tries again; check its quotas if it lasts.',
  ConfigInvalid: "The connection's configuration is wrong: correct the connections file.",
  LeaseLost: 'Another run was faster: nothing to do.',
};
const otherAdvice =
  "The run failed in an unexpected way: look for the connection's id in the log of its poll function.";

export const healthSchema = z.object({
  state: z.enum(['healthy', 'degraded', 'stopped']),
  watermark: z.string().nullable().meta({ description: 'all before this is stored; the oldest of its streams' }),
  lagMs: z.int().nonnegative().nullable(),
  lastSuccessAt: z.string().nullable().meta({ description: 'the oldest of its streams' }),
  lastError: z.object({ code: z.string(), at: z.string(), advice: z.string() }).nullable(),
  silentSince: z.string().nullable().meta({
    description:
      'when the newest conversation began, where the same hours of the last weeks say that there should be some since',
  }),
});
export type ConnectionHealth = z.infer<typeof healthSchema>;

/** A connection's health from its streams. `connection` is undefined where it was removed; a stream that never ran makes
 * the oldest instant unknown. */
export function connectionHealth(
  connection: Connection | undefined,
  streams: readonly StreamState[],
  now: number,
): ConnectionHealth {
  const watermark = oldest(streams.map((stream) => stream.checkpoint?.live.watermark ?? null));
  const success = oldest(streams.map((stream) => stream.lastSuccessAt));
  return {
    state: stateOf(connection, streams),
    watermark: watermark === null ? null : formatInstant(watermark),
    lagMs: watermark === null ? null : Math.max(0, Math.floor(now - watermark)),
    lastSuccessAt: success === null ? null : formatInstant(success),
    lastError: lastErrorOf(streams),
    silentSince: silentSince(connection, streams),
  };
}

function stateOf(connection: Connection | undefined, streams: readonly StreamState[]): ConnectionHealth['state'] {
  if (!connection || connection.paused) return 'stopped';
  return streams.some(isDegraded) ? 'degraded' : 'healthy';
}

function lastErrorOf(streams: readonly StreamState[]): ConnectionHealth['lastError'] {
  const errors = streams.flatMap(({ lastError }) => lastError ?? []).sort((a, b) => b.at - a.at);
  const [latest] = errors;
  if (!latest) return null;
  return { code: latest.code, at: formatInstant(latest.at), advice: advice[latest.code] ?? otherAdvice };
}

/** Whoever is not read is not silent. */
function silentSince(connection: Connection | undefined, streams: readonly StreamState[]): string | null {
  if (!connection || connection.paused) return null;
  const since = streams.flatMap(({ silence }) => silence?.since ?? []);
  return since.length === 0 ? null : formatInstant(Math.max(...since));
}

function oldest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 || known.length < instants.length ? null : Math.min(...known);
}
