import type { AuditHour } from '../api/answers.ts';
import { counted } from '../words/words.ts';
import { missingOf, stateOf } from './calendar-grid.ts';

/** The whole span in a sentence, and what stands behind it in figures. */
export function Totals({ hours }: { hours: readonly AuditHour[] }) {
  const sum = (field: 'listed' | 'stored' | 'quarantined' | 'erased' | 'expired' | 'missingAtSource'): number =>
    hours.reduce((total, hour) => total + hour[field], 0);
  const missing = hours.reduce((total, hour) => total + missingOf(hour), 0);
  const waiting = hours.filter((hour) => stateOf(hour) === 'waiting').length;
  const figures = [
    ['listed by the provider', sum('listed')],
    ['stored', sum('stored')],
    ['quarantined', sum('quarantined')],
    ['erased', sum('erased')],
    ['expired', sum('expired')],
    ['no longer at the provider', sum('missingAtSource')],
  ] as const;
  return (
    <div class="totals">
      <p class={`verdict ${missing > 0 ? 'is-bad' : 'is-good'}`}>
        {missing > 0 ? `${counted(missing, 'conversation')} missing` : 'Nothing is missing'}
        <span class="muted">
          {waiting > 0
            ? `in ${counted(hours.length - waiting, 'verified hour')}; ${counted(waiting, 'hour')} not verified yet`
            : 'every hour is verified'}
        </span>
      </p>
      <dl>
        {figures.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="figures">{count.toLocaleString('en-GB')}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
