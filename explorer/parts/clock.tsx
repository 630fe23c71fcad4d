import { signal } from '@preact/signals';
import { dayOf, inUtc, minuteOf, timeOf, type Zone } from '../words/times.ts';

/** Which zone instants are shown in; the other one is a pointer's rest away. */
export const zone = signal<Zone>('local');

const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the zone is called: `Europe/Berlin`. */
export const localName = zoneName === 'UTC' ? 'Local (UTC)' : zoneName.replaceAll('_', ' ');

type Shown = 'both' | 'time' | 'day';

/** An instant in the reader's zone, with UTC at hand; a dash where there is none. */
export function Instant({ at, show = 'both' }: { at: string | null | undefined; show?: Shown }) {
  const ms = at ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(ms)) return <span class="muted">–</span>;
  const now = zone.value;
  const text = {
    both: () => `${dayOf(ms, now)}, ${timeOf(ms, now)}`,
    time: () => timeOf(ms, now),
    day: () => dayOf(ms, now),
  }[show]();
  return (
    <time dateTime={new Date(ms).toISOString()} title={inUtc(ms)}>
      {text}
    </time>
  );
}

/** Chooses the zone of all instants. */
export function ZoneSwitch() {
  return (
    <label class="zone">
      <span class="unseen">Times are shown in</span>
      <select value={zone.value} onChange={({ currentTarget }) => (zone.value = currentTarget.value as Zone)}>
        <option value="local">{localName}</option>
        <option value="utc">UTC</option>
      </select>
    </label>
  );
}

/** `09:00–10:00`, an hour of the books. */
export const hourName = (at: number): string => `${minuteOf(at, zone.value)}–${minuteOf(at + 3_600_000, zone.value)}`;
