import type { Malformed } from '../raw-json.ts';

/** What a fake Magpipe account holds, over all time. Names ending in `Us` are microseconds since 1970. */

export type MagpipeTurn = {
  readonly speaker: 'agent' | 'caller';
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
};

export type MagpipeCall = {
  readonly id: string;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly customerNumber: string;
  readonly serviceNumber: string;
  readonly direction: 'inbound' | 'outbound';
  readonly createdAtUs: number;
  /** when lists begin to show it, createdAtUs or later */
  readonly visibleAtUs: number;
  readonly deletedAtUs?: number;
  /** ascending, each in force from its moment on, the first from the beginning */
  readonly statuses: readonly { readonly atUs: number; readonly status: string }[];
  /** null: nobody answered */
  readonly answeredAtUs: number | null;
  /** null: it never ends */
  readonly endedAtUs: number | null;
  readonly turns: readonly MagpipeTurn[];
  /** when what was said lands; null: never */
  readonly transcriptAtUs: number | null;
  /** whether it lands as segments too, or as text alone */
  readonly hasSegments: boolean;
  readonly sentiment: { readonly label: string; readonly atUs: number } | null;
  readonly summary: { readonly text: string; readonly atUs: number } | null;
  readonly recordingAtUs: number | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly malformed?: Malformed;
};

export type MagpipeWorld = { readonly calls: MagpipeCall[] };

export function isVisible(call: MagpipeCall, nowUs: number): boolean {
  return call.visibleAtUs <= nowUs && nowUs < (call.deletedAtUs ?? Number.POSITIVE_INFINITY);
}

type Index = { readonly byId: ReadonlyMap<string, MagpipeCall>; readonly newestFirst: readonly MagpipeCall[] };

/** Made once while no call is added, so that reading 10,000 calls one by one is no search through them each time. */
const indexes = new WeakMap<MagpipeWorld, Index>();

function indexOf(world: MagpipeWorld): Index {
  const known = indexes.get(world);
  if (known?.newestFirst.length === world.calls.length) return known;
  const index = {
    byId: new Map(world.calls.map((call) => [call.id, call])),
    newestFirst: [...world.calls].sort((a, b) => b.createdAtUs - a.createdAtUs || (a.id < b.id ? -1 : 1)),
  };
  indexes.set(world, index);
  return index;
}

export function findCall(world: MagpipeWorld, id: string, nowUs: number): MagpipeCall | undefined {
  const call = indexOf(world).byId.get(id);
  return call && isVisible(call, nowUs) ? call : undefined;
}

/** The calls that are there, newest first by creation, those of one moment by id. */
export const listedCalls = (world: MagpipeWorld, nowUs: number): readonly MagpipeCall[] =>
  indexOf(world).newestFirst.filter((call) => isVisible(call, nowUs));

/** Whether what comes at that moment is there by `nowUs`; null never comes. */
export const isThere = (atUs: number | null, nowUs: number): atUs is number => atUs !== null && atUs <= nowUs;
