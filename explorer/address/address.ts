import { type Filters, readFilters, writeFilters } from './filters.ts';

/** What is shown, as the address bar says it: all of it can be shared as a link. */
export type Address =
  | { view: 'conversations'; filters: Filters }
  | { view: 'conversation'; id: string }
  | { view: 'proof'; connection: string | null; until: string | null; hour: string | null }
  | { view: 'operations' };

/**
 * Reads what stands behind the `#`. Nobody's server sees that part, and a filter may be a phone. What is unknown is the
 * list of conversations.
 */
export function readAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [, view, ...rest] = path.split('/');
  const parameters = new URLSearchParams(query);
  const id = decode(rest.join('/'));
  if (view === 'conversations' && id !== '') return { view: 'conversation', id };
  if (view === 'operations') return { view };
  if (view !== 'proof') return { view: 'conversations', filters: readFilters(parameters) };
  return {
    view,
    connection: parameters.get('connection') || null,
    until: parameters.get('until') || null,
    hour: parameters.get('hour') || null,
  };
}

/** The inverse of `readAddress`. */
export function writeAddress(address: Address): string {
  if (address.view === 'conversation') return `#/conversations/${encodeURIComponent(address.id)}`;
  if (address.view === 'operations') return '#/operations';
  if (address.view === 'conversations') return withQuery('#/conversations', writeFilters(address.filters));
  const query = new URLSearchParams();
  for (const name of ['connection', 'until', 'hour'] as const) if (address[name]) query.set(name, address[name]);
  return withQuery('#/proof', query.toString());
}

const withQuery = (path: string, query: string): string => (query === '' ? path : `${path}?${query}`);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
