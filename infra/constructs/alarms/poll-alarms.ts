import type { Connection } from '#shared/domain/connections.ts';
import type { ProviderName } from '#shared/domain/conversation.ts';
import { durationMs } from '#shared/domain/duration.ts';
import type { AppFunction } from '../app-function.ts';
import { alarmAtMissedRuns } from './function-alarms.ts';

/** For polls of a provider that do not start: nobody retries one, because the next tick does what it would have done. */
export function alarmAtMissedPolls(
  poll: AppFunction,
  name: string,
  provider: ProviderName,
  connections: readonly Connection[],
): void {
  const polled = connections.filter(({ paused }) => !paused);
  if (polled.length === 0) return;
  alarmAtMissedRuns(poll, name, {
    alarm: `${provider}-polls-missed`,
    section: 'polls-missed',
    impact: `No poll of ${provider} was started for three times its shortest interval: new conversations are late, and nothing is lost, for the next poll reads on from the same place.`,
    everyMs: Math.min(...polled.map(({ every }) => durationMs(every))),
  });
}
