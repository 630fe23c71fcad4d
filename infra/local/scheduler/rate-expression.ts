import { AwsError, notSupported } from '../aws-error.ts';

const unitMs: Readonly<Record<string, number>> = {
  // EventBridge Scheduler knows nothing under a minute; one machine does (design.md section 6).
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The period of `rate(5 minutes)` in milliseconds. Throws ValidationException, or NotImplemented for `cron` and `at`. */
export function parseRate(expression: string): number {
  const [, count = '', unit = ''] = /^rate\((\d{1,9}) ([a-z]+?)s?\)$/.exec(expression) ?? [];
  const period = Number(count) * (unitMs[unit] ?? 0);
  if (period > 0) return period;
  if (/^(cron|at)\(/.test(expression)) throw notSupported(`the schedule expression ${expression}`);
  throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}
