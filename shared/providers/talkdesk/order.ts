import { stampOrder } from '../field-values.ts';
import type { Message } from './schema.ts';

type Key = number | string;
type Placed = { message: Message; recording: number; index: number };

const compare = (left: Key, right: Key): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

/** The key of every message, or null where one lacks it: an order by half of them would be none. */
function keysOf<T extends Key>(
  messages: readonly Message[],
  key: (message: Message) => T | null | undefined,
): Map<Message, T> | null {
  const keys = new Map<Message, T>();
  for (const message of messages) {
    const value = key(message) ?? null;
    if (value === null) return null;
    keys.set(message, value);
  }
  return keys;
}

const byPlace = (a: Placed, b: Placed): number => compare(a.recording, b.recording) || compare(a.index, b.index);

/**
 * Messages as they were spoken: by recording, then by index, then by time, else as received. Messages without recording
 * (the virtual agent's, before the call was put through) come first.
 */
export function inOrder(messages: readonly Message[]): Message[] {
  const indexed = messages.every((message) => message.message_index !== null);
  const placed = messages
    .map((message): Placed => {
      const index = indexed ? (message.message_index ?? 0) : 0;
      return { message, recording: message.recording_index ?? -1, index };
    })
    .sort(byPlace);
  const tied = placed.some((place, i) => i > 0 && byPlace(place, placed[i - 1] ?? place) === 0);
  // Stamps are costly to compare, and mostly the index has said it all.
  const times =
    tied &&
    (keysOf<Key>(messages, (message) => stampOrder(message.message_start_at)) ??
      keysOf<Key>(messages, (message) => message.start_time));
  if (times) placed.sort((a, b) => byPlace(a, b) || compare(times.get(a.message) ?? 0, times.get(b.message) ?? 0));
  return placed.map(({ message }) => message);
}
