import type { FakeRequest } from '../exchange.ts';
import { readPaging } from '../salesloft/listing.ts';
import type { SalesloftWorld } from '../salesloft/world.ts';
import { isVisible, updatedAtUs } from '../salesloft/world.ts';
import { usPerMs } from '../stamp.ts';
import type { Json } from './edit-json.ts';
import { editJson, objectAt } from './edit-json.ts';
import type { Fault } from './fault.ts';

/** Faults of a list by page numbers. */

/** Page `number` is empty and yet has a next; what belongs there comes on the pages behind it. */
export function emptyPage(number: number): Fault {
  return {
    name: `empty page ${number}`,
    rewrite: (request) => (pageOf(request) > number ? atPage(request, pageOf(request) - 1) : request),
    edit: (answer, request) => {
      const page = pageOf(request);
      if (page < number) return answer;
      return editJson(answer, (body) => {
        const next =
          page === number || objectAt(objectAt(body, 'metadata'), 'paging')['next_page'] !== null ? page + 1 : null;
        const paged = withPaging(body, { current_page: page, next_page: next, prev_page: page > 1 ? page - 1 : null });
        return page === number ? { ...paged, data: [] } : paged;
      });
    },
  };
}

/** Every page has a next one; behind the last there is the first again. */
export function endlessPages(): Fault {
  return {
    name: 'endless pages',
    rewrite: (request) => atPage(request, 1),
    edit: (answer, request) => {
      const page = pageOf(request);
      return editJson(answer, (body) => withPaging(body, { current_page: page, next_page: page + 1 }));
    },
  };
}

/** Before the answer, the `count` rows that come first by updated_at move to its end, so pages shift under the reader. */
export function touchedOldest(world: SalesloftWorld, count: number): Fault {
  return { name: 'touched oldest', before: (nowMs) => touchOldest(world, count, nowMs) };
}

export function touchOldest(world: SalesloftWorld, count: number, nowMs: number): void {
  const nowUs = nowMs * usPerMs;
  const visible = world.conversations.filter((record) => isVisible(record, nowUs));
  visible.sort((a, b) => updatedAtUs(a, nowUs) - updatedAtUs(b, nowUs));
  for (const record of visible.slice(0, count)) {
    record.updatesUs = [...record.updatesUs, nowUs].sort((a, b) => a - b);
  }
  world.revision += 1;
}

function pageOf(request: FakeRequest): number {
  return readPaging(new URL(request.url).searchParams).page;
}

function atPage(request: FakeRequest, page: number): FakeRequest {
  const url = new URL(request.url);
  url.searchParams.set('page', String(page));
  return { ...request, url: url.href };
}

function withPaging(body: Json, change: Json): Json {
  const metadata = objectAt(body, 'metadata');
  return { ...body, metadata: { ...metadata, paging: { ...objectAt(metadata, 'paging'), ...change } } };
}
