import { useState } from 'preact/hooks';
import type { AuditHour, ConnectionState } from '../api/answers.ts';
import { ask } from '../api/ask.ts';
import { type Live, useLive } from '../api/use-live.ts';

const connectionsEveryMs = 10_000;
const hoursEveryMs = 15_000;

/** The connections with their health, while somebody looks. */
export function useConnections(): Live & { connections: readonly ConnectionState[] | null } {
  const [connections, setConnections] = useState<readonly ConnectionState[] | null>(null);
  const live = useLive('connections', connectionsEveryMs, async (signal) => {
    const answer = await ask<{ connections: ConnectionState[] }>('/v1/connections', { signal });
    setConnections(answer.connections.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  });
  return { ...live, connections };
}

/** The books of a connection between two instants, as they fill. */
export function useHours(connection: string | null, from: number, to: number) {
  const key = `${connection} ${from} ${to}`;
  const [known, setKnown] = useState<{ key: string; hours: readonly AuditHour[] } | null>(null);
  const live = useLive(key, hoursEveryMs, async (signal) => {
    if (connection === null) return;
    const span = { connection, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const { hours } = await ask<{ hours: AuditHour[] }>(`/v1/audit?${new URLSearchParams(span)}`, { signal });
    setKnown({ key, hours });
  });
  return { ...live, hours: known?.key === key ? known.hours : null };
}
