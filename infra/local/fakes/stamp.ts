/** Instants as whole microseconds since 1970, the precision both providers write. Exact in a double until the year 2255. */

export const usPerMs = 1_000;
export const usPerSecond = 1_000_000;

const isoPattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads an ISO 8601 date or date-time; without an offset it is UTC. Undefined for anything else. */
export function parseStamp(text: string): number | undefined {
  const match = isoPattern.exec(text);
  if (!match) return undefined;
  const [, date = '', minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const wallMs = Date.parse(`${date}T${minutes}:${seconds}Z`);
  // V8 takes 30 February for 2 March
  if (Number.isNaN(wallMs) || !new Date(wallMs).toISOString().startsWith(`${date}T${minutes}`)) return undefined;
  return wallMs * usPerMs + Number(fraction.padEnd(6, '0').slice(0, 6)) - offsetMinutes(zone) * 60 * usPerSecond;
}

/** `2026-03-02T09:52:44.907312Z`, or with an offset such as `-05:00`. */
export function formatStamp(us: number, offset = 0): string {
  const wall = us + offset * 60 * usPerSecond;
  const seconds = new Date(Math.floor(wall / usPerMs)).toISOString().slice(0, 19);
  const fraction = String(((wall % usPerSecond) + usPerSecond) % usPerSecond).padStart(6, '0');
  return `${seconds}.${fraction}${offset === 0 ? 'Z' : formatOffset(offset)}`;
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
