/** How instants are said: in the reader's zone, or in UTC. */
export type Zone = 'local' | 'utc';

const zoneOf = (zone: Zone): string | undefined => (zone === 'utc' ? 'UTC' : undefined);

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than a thousand uses of it. Always 24 hours, and the day before the month. */
function formatOf(name: string, zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zoneOf(zone) });
  formats.set(key, known);
  return known;
}

const dayOptions = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const timeOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

/** `2 Mar 2026` */
export const dayOf = (at: number, zone: Zone): string => formatOf('day', zone, dayOptions).format(at);

/** `Mon 2 Mar` */
export const weekdayOf = (at: number, zone: Zone): string =>
  formatOf('weekday', zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(at).replace(',', '');

/** `09:14:07` */
export const timeOf = (at: number, zone: Zone): string => formatOf('time', zone, timeOptions).format(at);

/** `09:14` */
export const minuteOf = (at: number, zone: Zone): string =>
  formatOf('minute', zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** `2 Mar 2026, 09:14:07 UTC`: the same in every zone, for whoever compares with another place. */
export const inUtc = (at: number): string => `${dayOf(at, 'utc')}, ${timeOf(at, 'utc')} UTC`;

/** When the day of an instant began. */
export function startOfDay(at: number, zone: Zone): number {
  const day = new Date(at);
  if (zone === 'utc') return day.setUTCHours(0, 0, 0, 0);
  return day.setHours(0, 0, 0, 0);
}

/** The hour of the day from 0 to 23. */
export const hourOfDay = (at: number, zone: Zone): number => Number(minuteOf(at, zone).slice(0, 2));

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** A span in its two largest units: `3 d 4 h`, `12 min`, `0 s`. */
export function spanOf(ms: number): string {
  const first = units.findIndex((unit) => ms >= unit.ms);
  if (first < 0) return '0 s';
  let left = ms;
  const parts: string[] = [];
  for (const unit of units.slice(first, first + 2)) {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    if (count > 0) parts.push(`${count} ${unit.name}`);
  }
  return parts.join(' ');
}

/** A place in a recording: `4:07`, `1:04:07`. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** An instant as a `datetime-local` control holds it, in the zone; '' for none. */
export function toControl(iso: string | undefined, zone: Zone): string {
  const at = iso === undefined ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) return '';
  const shift = zone === 'utc' ? 0 : new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - shift).toISOString().slice(0, 16);
}

/** The inverse of `toControl`; '' where the control holds no instant. */
export function fromControl(text: string, zone: Zone): string {
  const at = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
