import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AppFunction } from '../app-function.ts';
import { watch, watchingFrom } from './watch.ts';

/** A metric that Lambda keeps of a function, within five minutes. */
const metricOf = ({ lambda }: AppFunction, metricName: string, statistic: string = Stats.SUM): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: lambda.functionName },
    statistic,
    period: Duration.minutes(5),
  });

/** For a function behind an address: answers that say it was our fault, and callers sent away because too many came. */
export function alarmAtAddress(
  called: AppFunction,
  name: string,
  { alarm, failing, throttled }: { alarm: string; failing: string; throttled: string },
): void {
  const watching = watchingFrom(called, name);
  const section = (way: string) => ({ alarm: `${alarm}-${way}`, section: `${alarm}-${way}` });
  watch(called, watching, { ...section('failing'), impact: failing, metric: metricOf(called, 'Url5xxCount') });
  watch(called, watching, { ...section('throttled'), impact: throttled, metric: metricOf(called, 'Throttles') });
}

/** What the oldest change may wait before a reader of the table's stream is late; the stream keeps it for a day. */
const latest = Duration.minutes(10);

/** For a reader of the table's stream that stands still or falls behind. */
export function alarmAtLateness(follower: AppFunction, name: string, alarm: string, impact: string): void {
  watch(follower, watchingFrom(follower, name), {
    alarm,
    section: alarm,
    impact,
    metric: metricOf(follower, 'IteratorAge', Stats.MAXIMUM),
    threshold: latest.toMilliseconds(),
  });
}

const minute = Duration.minutes(1).toSeconds();
const [shortest, day] = [Duration.minutes(5).toSeconds(), Duration.days(1).toSeconds()];

/** Days that CloudWatch looks back at most. */
const mostDays = 7;

/**
 * For a scheduled function that is not started any more, for whatever reason: three starts in a row that did not come.
 * `everyMs` is the shortest time between two; from three days up CloudWatch cannot look back that far, and nobody is told.
 */
export function alarmAtMissedRuns(
  scheduled: AppFunction,
  name: string,
  { everyMs, ...about }: { alarm: string; section: string; impact: string; everyMs: number },
): void {
  const every = Math.max(shortest, Math.ceil(everyMs / 1_000 / minute) * minute);
  const period = Math.min(every, day);
  const periods = Math.ceil((3 * every) / period);
  if (periods > mostDays) return;
  const metric = metricOf(scheduled, 'Invocations').with({ period: Duration.seconds(period) });
  watch(scheduled, watchingFrom(scheduled, name), { ...about, metric, periods, whenBelow: true });
}
