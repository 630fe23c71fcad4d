import { AwsError } from '../aws-error.ts';
import type { InputEvent } from './log-store.ts';

/** What one PutLogEvents takes (its API reference): events, and bytes with 26 added for each event. */
const mostEvents = 10_000;
const mostBytes = 1_048_576;
const eventBytes = 26;
const hourMs = 3_600_000;
const mostAheadMs = 2 * hourMs;
const mostBehindMs = 14 * 24 * hourMs;

/** Throws InvalidParameterException for a batch that is too large, or not in the order of time. */
export function checkBatch(events: readonly InputEvent[]): void {
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventBytes, 0);
  if (events.length > mostEvents || bytes > mostBytes)
    throw new AwsError('InvalidParameterException', `Upload too large: ${bytes} bytes, ${events.length} events`);
  if (events.some(({ timestamp }, i) => timestamp < (events[i - 1]?.timestamp ?? 0)))
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
}

/** Lines too far from now are left out and named by place: the answer is a 200 all the same. */
export function rejectedByTime(events: readonly InputEvent[], now: number) {
  const tooOld = events.filter(({ timestamp }) => timestamp < now - mostBehindMs).length;
  const tooNew = events.filter(({ timestamp }) => timestamp > now + mostAheadMs).length;
  const taken = events.slice(tooOld, events.length - tooNew);
  const info = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(tooNew > 0 && { tooNewLogEventStartIndex: events.length - tooNew }),
  };
  return { taken, rejectedLogEventsInfo: taken.length < events.length ? info : undefined };
}
