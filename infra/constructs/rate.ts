import { durationMs } from '#shared/domain/duration.ts';

const second = 1_000;
const minute = 60 * second;

/**
 * The schedule of an `every`: whole minutes, rounded down, which is all that EventBridge Scheduler knows. What is under
 * a minute stays as written, in units that only the one-machine runtime understands; a deployment refused it before.
 */
export function rateOf(every: string): string {
  const ms = durationMs(every);
  if (ms >= minute) return rate(Math.floor(ms / minute), 'minute');
  return ms % second === 0 ? rate(ms / second, 'second') : rate(ms, 'millisecond');
}

/** Scheduler wants the singular for one. */
const rate = (value: number, unit: string): string => `rate(${value} ${unit}${value === 1 ? '' : 's'})`;
