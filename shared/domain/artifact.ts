import * as z from 'zod';

/**
 * An artifact is a part of a conversation that may come late. "The provider said there is none" (`absent`), "not ready
 * yet" (`pending`) and "we failed to ask" (`pending` with a `reason`) are three different things.
 */
export const artifactKinds = ['transcript', 'sentiment', 'categories', 'talkTime', 'summary'] as const;

/** One of the fixed kinds, or `media:<key>`. */
export type ArtifactKind = (typeof artifactKinds)[number] | `media:${string}`;

export const artifactKindSchema = z.union([
  z.enum(artifactKinds),
  z.templateLiteral(['media:', z.string().min(1)]),
]) satisfies z.ZodType<ArtifactKind>;

export const artifactStates = ['pending', 'ready', 'absent', 'overdue', 'expired', 'failed'] as const;
export type ArtifactState = (typeof artifactStates)[number];

/** What is stored of an artifact; `at` is when it came to this state and is not content. */
export const storedArtifactSchema = z.object({
  state: z.enum(artifactStates),
  at: z.string(),
  reason: z.string().optional(),
});
export type StoredArtifact = z.infer<typeof storedArtifactSchema>;
export type StoredArtifacts = Readonly<Record<string, StoredArtifact>>;

/** What one answer of a provider says of an artifact. */
export type ArtifactFinding = { state: 'pending' | 'ready' | 'absent' | 'expired' | 'failed'; reason?: string };

/** Why an artifact is pending though nobody has asked: the budget had ended, or the provider failed. */
export const unaskedReasons = ['budgetSpent', 'providerUnavailable'] as const;
export type UnaskedReason = (typeof unaskedReasons)[number];

/** Whether the provider has yet to be asked for it: it comes as soon as the budget allows, not at the next offset. */
export const isUnasked = ({ state, reason }: StoredArtifact): boolean =>
  state === 'pending' && unaskedReasons.some((unasked) => unasked === reason);

/** States from which an artifact never moves by itself: nothing more is asked for. */
const settled: ReadonlySet<ArtifactState> = new Set(['ready', 'absent', 'expired', 'failed']);

/** Whether the due lane still asks for it: pending ones by `recheck`, overdue ones daily for a week. */
export const isOpen = (state: ArtifactState): boolean => !settled.has(state);

/** Whether it counts as dealt with for `conversation.completed`. */
export const isDealtWith = (state: ArtifactState): boolean => state !== 'pending';

/** As the lookup shows it: stored state plus what follows from when the conversation was first seen. */
export const artifactSchema = z.object({
  state: z.enum(artifactStates),
  at: z.string().optional().meta({ description: 'when it came to this state' }),
  reason: z.string().optional(),
  attempts: z.int().nonnegative().optional().meta({ description: 'times it was due to be asked for again' }),
  nextCheckAt: z.string().nullable().optional(),
});
