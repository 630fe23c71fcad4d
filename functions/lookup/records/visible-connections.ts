import { maySee } from '../access/access.ts';
import type { Caller } from '../access/clients.ts';
import type { Lookup } from '../lookup.ts';

/** A connection whose conversations a caller may see; `provider` is unknown of one that was removed before it ran. */
export type VisibleConnection = { id: string; provider: string | undefined };

/** What a caller sees depends on. */
export type Seeing = { lookup: Pick<Lookup, 'connections' | 'file'>; caller: Pick<Caller, 'connections'> };

/** The connections whose conversations the caller may see, also the removed ones. */
export async function visibleConnections({ lookup, caller }: Seeing): Promise<VisibleConnection[]> {
  const ids = [...(await lookup.connections.ids())].filter((id) => maySee(caller, id));
  const configured = new Map(lookup.file.connections.map(({ id, provider }) => [id, provider]));
  const seen = ids.every((id) => configured.has(id)) ? [] : await lookup.connections.streams();
  const ran = new Map(seen.map(({ connection, provider }) => [connection, provider]));
  return ids.map((id) => ({ id, provider: configured.get(id) ?? ran.get(id) }));
}
