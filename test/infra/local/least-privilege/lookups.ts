import { setTimeout as delay } from 'node:timers/promises';
import type { Machine } from '#infra/local/machine.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { letWait, listWaiting } from '#shared/storage/waiting-operations.ts';
import type { Accounts } from './accounts.ts';
import { client } from './accounts.ts';
import { sendJob, spoilEventLog } from './dead-letters.ts';
import type { Outside } from './outside.ts';

const hourMs = 3_600_000;

/** Everything that can be looked up and asked for. */
export async function askEverything(machine: Machine, user: Outside, { ids, recentAt }: Accounts): Promise<void> {
  const id = `sales:${ids.long}`;
  for (const path of [
    `/v1/conversations?ids=${encodeURIComponent(id)}`,
    `/v1/conversations/${id}/transcript`,
    `/v1/conversations/${id}/vcon`,
    '/v1/conversations?sort=updatedAt',
    '/v1/conversations?participant=nobody@example.com',
    '/v1/connections',
  ])
    await user.read(path);
  const { quarantined } = JSON.parse(await user.read('/v1/quarantine?connection=sales'));
  await user.read(`/v1/quarantine/${encodeURIComponent(quarantined[0].id)}`);
  for (const method of ['PUT', 'DELETE']) await user.send(`/v1/conversations/${id}/hold`, { method });
  await user.read(`/v1/audit?connection=sales&from=${hourOf(Date.now() - 30 * hourMs)}&to=${hourOf(Date.now())}`);
  await asClient(user);
  const reading = await readingBehind(user, recentAt, 0);
  const [from, to] = [Date.now() - 3 * hourMs, Date.now() - 1_000].map((at) => new Date(at).toISOString());
  const filled = user.operate('backfills', { connection: 'sales', from, to });
  const replayed = await user.operate('replays', { from, to, ids: [id] });
  // A job that comes twice finds its work done; one that cannot be done comes again.
  await sendJob(machine, 'operations', { kind: 'replays', id: replayed });
  const mend = await spoilEventLog(machine);
  await user.operate('replays', { from, to }, '"error":{');
  await mend();
  await user.operate('reprocess', { connection: 'sales' });
  await forgetOld(machine, await filled);
  await readingBehind(user, recentAt, reading);
  const other = JSON.parse(await user.post('/v1/backfills', { connection: 'agents', from, to }));
  await user.post(`/v1/backfills/${other.id}/cancel`, {});
}

const hourOf = (at: number): string => `${new Date(at).toISOString().slice(0, '2026-03-02T09'.length)}:00:00Z`;

/** Waits for a later reading of the hour of this instant than that of `before`, and gives when it was made. */
async function readingBehind(user: Outside, at: number, before: number): Promise<number> {
  const path = `/v1/audit?connection=sales&from=${hourOf(at)}&to=${hourOf(at + hourMs)}`;
  const readAt = async (): Promise<number> => Date.parse(JSON.parse(await user.read(path)).hours[0]?.verifiedAt ?? '');
  await user.until(async () => String((await readAt()) > before), 'true');
  return readAt();
}

/** Polls drop what waits for them, long after it is done. */
async function forgetOld({ parts: { clients, description } }: Machine, id: string): Promise<void> {
  const table = description.tables[0]?.name ?? '';
  const store = { documents: documentsOver(clients.dynamodb), table };
  await letWait(store, 'sales', { kind: 'backfills', id }, Date.now() - hourMs);
  while ((await listWaiting(store, 'sales', 'backfills')).some((row) => row.id === id)) await delay(100);
}

/** A program with a token of its own, whose calls are counted. */
async function asClient(user: Outside): Promise<void> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  const { access_token: token } = JSON.parse(await user.form('/oauth/token', body));
  // Each instance tells of every third call, and there are four at most.
  for (let call = 0; call < 12; call++)
    await user.send('/v1/connections', { headers: { authorization: `Bearer ${token}` } });
}
