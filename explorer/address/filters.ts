/** What a list of conversations can be narrowed and ordered by, in the API's own names and spellings. */
export const filterNames = [
  'connection',
  'provider',
  'channel',
  'direction',
  'participant',
  'titlePrefix',
  'startedFrom',
  'startedTo',
  'language',
  'minDurationMs',
  'maxDurationMs',
  'minSentiment',
  'maxSentiment',
  'category',
  'artifact',
  'updatedSince',
  'sort',
  'order',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Only what is set stands in it, so an absent name and one without a value are the same. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** The filters of a query, its unknown names and empty values left out. */
export function readFilters(query: URLSearchParams): Filters {
  const given = filterNames.map((name) => [name, query.get(name) ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** The filters as a query in an order of their own, so that equal filters are equal texts; '' for none. */
export function writeFilters(filters: Filters): string {
  const query = new URLSearchParams();
  for (const name of filterNames) if (filters[name]) query.set(name, filters[name]);
  return query.toString();
}

/** How many filters narrow the list; its order does not. */
export const countNarrowing = (filters: Filters): number =>
  Object.keys(filters).filter((name) => name !== 'sort' && name !== 'order').length;
