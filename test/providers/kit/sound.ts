import { expect } from 'vitest';
import * as z from 'zod';
import { artifactKindSchema } from '#shared/domain/artifact.ts';
import { contentSchema } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { listedFileSchema, mediaArtifact, mediaKeyOf } from '#shared/domain/media.ts';
import { transcriptSchema } from '#shared/domain/transcript.ts';
import type { Answer, Connector, Normalized, Stream } from '#shared/providers/connector.ts';

const reasonPattern = /^[A-Za-z]+$/;
const driftPattern = /^[A-Za-z0-9_.[\]<>=-]{1,200}$/;

const normalizedSchema = z.strictObject({
  externalId: z.string().min(1),
  stamp: z.string().nullable(),
  scope: z.enum(['whole', 'listing', 'artifacts']),
  files: z.array(listedFileSchema.strict()),
  content: contentSchema.strict(),
  transcript: transcriptSchema.strict().nullable(),
  artifacts: z.record(
    artifactKindSchema,
    z.strictObject({
      state: z.enum(['pending', 'ready', 'absent', 'expired', 'failed']),
      reason: z.string().regex(reasonPattern).optional(),
    }),
  ),
  drift: z.array(z.string().regex(driftPattern)).max(100),
});

/** Throws unless what a connector made of an answer, good or damaged, is sound. */
export function expectSound({ promised }: Connector, normalized: Normalized): void {
  const faults = normalizedSchema.safeParse(normalized).error?.issues ?? [];
  expect(faults).toEqual([]);
  // Half a surrogate pair would break hashing, storage and every later reader.
  expect(JSON.stringify(normalized).match(/\\ud[89a-f][0-9a-f]{2}/i)).toBeNull();
  const { artifacts, files } = normalized;
  const isMedia = (kind: string): boolean => mediaKeyOf(kind) !== null;
  // Media is awaited even where an answer says nothing of it.
  expect(Object.keys(artifacts)).toEqual(expect.arrayContaining(promised.filter((kind) => !isMedia(kind))));
  const known = new Set<string>([...promised, ...files.map(({ key }) => mediaArtifact(key))]);
  expect(Object.keys(artifacts).filter((kind) => isMedia(kind) && !known.has(kind))).toEqual([]);
  expect(new Set(files.map(({ key }) => key)).size).toBe(files.length);
  expectArtifactsAsContent(normalized, promised);
}

/** A ready artifact is there, and what is there is ready; who speaks is one of the participants. */
function expectArtifactsAsContent({ content, transcript, artifacts }: Normalized, promised: readonly string[]): void {
  for (const { participant, role } of transcript?.utterances ?? []) {
    if (participant !== null) expect(content.participants[participant]?.role).toBe(role);
  }
  expect(artifacts['transcript']?.state === 'ready').toBe(transcript !== null);
  if (promised.includes('summary')) expect(artifacts['summary']?.state === 'ready').toBe(content.summary !== null);
  if (promised.includes('talkTime')) expect(artifacts['talkTime']?.state === 'ready').toBe(content.talkTime !== null);
  if (content.sentiment !== null) expect(artifacts['sentiment']?.state).toBe('ready');
  if (content.categories.length > 0) expect(artifacts['categories']?.state).toBe('ready');
}

/** Normalized, or null where the record is refused by name; any other error is a fault of the connector. */
export function normalizeOrRefuse(stream: Stream, answer: Answer): Normalized | null {
  try {
    return stream.normalize(answer);
  } catch (error) {
    if (!(error instanceof RecordInvalid)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    return null;
  }
}
