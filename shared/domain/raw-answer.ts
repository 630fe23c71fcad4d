import { hash } from 'node:crypto';
import * as z from 'zod';

/**
 * What a provider answered of one conversation, as it is kept to build the record from again (docs/adr/0014-raw-vault.md).
 * It stands in a pack as a line of JSON that begins with the conversation's uuid, so that a line is found without being read.
 */
const rawAnswerSchema = z.object({
  uuid: z.string(),
  externalId: z.string(),
  stream: z.string(),
  /** number of the connector's `normalize` that understood it then */
  mapper: z.int().nonnegative(),
  /** when it was asked for (milliseconds since 1970): the order of answers */
  sentAt: z.number(),
  listed: z.unknown(),
  detail: z.record(z.string(), z.unknown()).nullable(),
});
export type RawAnswer = z.infer<typeof rawAnswerSchema>;

/** Its line in a pack. */
export const writeRawLine = ({ uuid, externalId, stream, mapper, sentAt, listed, detail }: RawAnswer): string =>
  JSON.stringify({ uuid, externalId, stream, mapper, sentAt, listed, detail });

/** The answer of a line, of whatever mapper. Throws where it is none of ours. */
export const readRawLine = (line: string): RawAnswer => rawAnswerSchema.parse(JSON.parse(line));

const beforeUuid = '{"uuid":"';
const uuidLength = 36;

/** Whose answer a line is. */
export const uuidOfLine = (line: string): string => line.slice(beforeUuid.length, beforeUuid.length + uuidLength);

/** A pack of a connection: four characters for its day, the others follow from the work that brought its answers. */
export type PackName = string;

const dayMs = 86_400_000;
const [dayLength, nameLength] = [4, 14];

/** The work that an answer came by: what makes it one and the same when it is done again, and its time (ms since 1970). */
export type Work = { key: readonly (string | number | null)[]; at: number };

/**
 * The name of a work's pack, the same when the work is repeated after a crash. Its day is the work's own, which a repeat
 * behind midnight has too; of work that was left lying for longer than a day it is yesterday, for raw answers are kept for
 * so long from when they came.
 */
export const packNameOf = ({ key, at }: Work, part: number, now: number): PackName =>
  `${dayCode(Math.max(at, now - dayMs))}${shortHash(JSON.stringify([...key, part]))}`;

/** The name of the pack that a conversation has for itself alone; the one it has already, wherever that is. */
export function ownPackName(packs: string, uuid: string, { at }: Work, now: number): PackName {
  const own = shortHash(uuid);
  return namesIn(packs).find((name) => name.endsWith(own)) ?? `${dayCode(Math.max(at, now - dayMs))}${own}`;
}

const shortHash = (text: string): string => hash('sha256', text, 'base64url').slice(0, nameLength - dayLength);

const dayCode = (at: number): string =>
  Math.floor(at / dayMs)
    .toString(36)
    .padStart(dayLength, '0');

/** The day of a pack (`2026-03-02`), in UTC. */
export const dayOfPack = (name: PackName): string =>
  new Date(Number.parseInt(name.slice(0, dayLength), 36) * dayMs).toISOString().slice(0, '2026-03-02'.length);

/** What tells a pack from the others of its day. */
export const fileOfPack = (name: PackName): string => name.slice(dayLength);

/**
 * The packs of a conversation's answers as its item carries them: names one behind the other, oldest first. A `-` before
 * them says that there were versions before the vault: the record does not follow from these packs alone.
 */
const notAll = '-';

/** Packs after which a conversation gets one of its own: a list that is put with every version must not grow for ever. */
const mostPacks = 32;

export function namesIn(packs: string): PackName[] {
  const names = packs.startsWith(notAll) ? packs.slice(notAll.length) : packs;
  return Array.from({ length: names.length / nameLength }, (_, i) => names.slice(i * nameLength, (i + 1) * nameLength));
}

/** Whether all that was ever stored of a conversation came of these packs' answers. */
export const isWholeIn = (packs: string): boolean => packs !== '' && !packs.startsWith(notAll);

export const isFull = (packs: string): boolean => packs.length >= mostPacks * nameLength;

/** The list with one more pack; `known` is null for a conversation that is new. */
export function withPack(known: string | null, name: PackName | undefined): string {
  if (name === undefined || (known !== null && namesIn(known).includes(name))) return known ?? '';
  return known === '' ? `${notAll}${name}` : `${known ?? ''}${name}`;
}
