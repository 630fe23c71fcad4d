/** What providers announce in the headers of good answers: that an address will be gone or change. */

type Headers = Readonly<Record<string, string | undefined>>;

/** RFC 9745 has `@<seconds>`; the drafts before it `true` or a date. */
const isDeprecated = (value: string | undefined): boolean =>
  value !== undefined && (/^(@\d{1,12}|true)$/i.test(value.trim()) || isDate(value));

/** RFC 8594 */
const isSunset = (value: string | undefined): boolean => value !== undefined && isDate(value);

/** 299 is the one that lasts (RFC 7234, section 5.5.7); other codes speak of caches. */
const isWarning = (value: string | undefined): boolean =>
  value !== undefined && /(^|,)\s*299\s/.test(value.slice(0, 1_000));

/** Other texts in which JavaScript would find a date as well are none. */
const isDate = (value: string): boolean =>
  /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value.trim()) && !Number.isNaN(Date.parse(value));

/**
 * The drift paths of an answer's announcements: `deprecation=conversations.<id>.extensive`. The address says where; of the
 * header's own text nothing is kept, and of the address nothing that names a record.
 */
export function announcementsIn(headers: Headers, path: string): string[] {
  const announced = [
    ...(isDeprecated(headers['deprecation']) || isSunset(headers['sunset']) ? ['deprecation'] : []),
    ...(isWarning(headers['warning']) ? ['warning'] : []),
  ];
  return announced.map((kind) => `${kind}=${templateOf(path)}`);
}

const word = /^(v\d|[a-z]{1,30}(-[a-z]{1,30}){0,3})$/;

const templateOf = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (word.test(segment) ? segment : '<id>'))
    .join('.');
