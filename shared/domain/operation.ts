import * as z from 'zod';

/** Work that an operator asks for: queued by the lookup API, worked off by `operate` or by polls. */
export const operationKinds = ['backfills', 'replays', 'erasures', 'reprocess', 'redrives'] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Those that ask a provider, which the polls of their connection alone can do: they wait for these. */
export const polledKinds: readonly OperationKind[] = ['backfills'];

/** Which operation is to be worked on. */
export const operationJobSchema = z.object({ kind: z.enum(operationKinds), id: z.string() });
export type OperationJob = z.infer<typeof operationJobSchema>;

/** They go forward only: queued, running, then one of the others, for good unless the same is asked for again. */
export const operationStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type OperationState = (typeof operationStates)[number];

/** Whether an operation in this state may still be worked on. */
export const isOpen = (state: OperationState): boolean => state === 'queued' || state === 'running';

const progressSchema = z.object({
  done: z.int().nonnegative(),
  total: z.int().nonnegative().nullable().meta({ description: '`null` until it has been counted' }),
});
export type Progress = z.infer<typeof progressSchema>;
export const newProgress: Progress = { done: 0, total: null };

/** An operation as the lookup API shows it, of a kind with these requests and results. */
export const operationSchemaOf = <Request extends z.ZodType, Result extends z.ZodType>(
  kind: OperationKind,
  request: Request,
  result: Result,
) =>
  z.object({
    id: z.string(),
    kind: z.literal(kind),
    state: z.enum(operationStates),
    createdAt: z.iso.datetime(),
    request,
    progress: progressSchema,
    estimateSeconds: z.int().nonnegative().nullable().meta({ description: '`null` until it is known, and at the end' }),
    result: result.nullable(),
    error: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'why it failed; of one that is running, why its last attempt did: it is tried again' }),
  });

/** An operation whose kind is known by its runner only. */
export const operationSchema = operationSchemaOf('replays', z.unknown(), z.unknown()).extend({
  kind: z.enum(operationKinds),
});
export type Operation = z.infer<typeof operationSchema>;

/** One that nobody has begun. `now` in milliseconds since 1970. */
export const newOperation = (kind: OperationKind, id: string, request: unknown, now: number): Operation => ({
  ...{ id, kind, state: 'queued', createdAt: new Date(now).toISOString(), request },
  ...{ progress: newProgress, estimateSeconds: null, result: null, error: null },
});

/** Random bytes of an operation's id. */
export const idBytes = 10;

/** An RFC 9562 version 7 UUID: ids sort as their milliseconds do. `random` holds `idBytes` bytes. */
export function operationId(now: number, random: Uint8Array): string {
  const time = now.toString(16).padStart(12, '0');
  const [version = 0, , variant = 0] = random;
  const bytes = Uint8Array.from(random);
  bytes[0] = (version & 0x0f) | 0x70;
  bytes[2] = (variant & 0x3f) | 0x80;
  const rest = Buffer.from(bytes).toString('hex');
  return [time.slice(0, 8), time.slice(8), rest.slice(0, 4), rest.slice(4, 8), rest.slice(8)].join('-');
}
