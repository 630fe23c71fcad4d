import { readCursor } from '#infra/local/fakes/cursor.ts';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';

/**
 * The records that a request for a page can be about, in the fakes' own order: those at its cursor, or all. So that a
 * page costs the fake no walk over the whole history, which of 10,000 pages would be most of the work.
 */
export function atCursor<R extends { id: string; startedAtUs: number }>(
  records: readonly R[],
  page: number,
): (request: FakeRequest) => R[] {
  const order = records.toSorted((a, b) => a.startedAtUs - b.startedAtUs || (a.id < b.id ? -1 : 1));
  const places = new Map(order.map(({ id }, place) => [id, place]));
  return ({ url }) => {
    const query = new URL(url).searchParams;
    const position = readCursor(query.get('cursor') ?? query.get('continuationToken') ?? '', 0);
    const place = position && places.get(position.afterId);
    // The one that was given last, a page, and one more that tells that there is another page.
    return place === undefined ? order : order.slice(place, place + page + 2);
  };
}

/** The request with another page size, where it names one. */
export function withLimit(request: FakeRequest, page: number): FakeRequest {
  const url = new URL(request.url);
  if (!url.searchParams.has('limit')) return request;
  url.searchParams.set('limit', String(page));
  return { ...request, url: url.href };
}
