import { readCursor } from '../cursor.ts';
import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { nextLink } from '../talkdesk/interactions.ts';
import { readInterval } from '../talkdesk/interval.ts';
import { talkdeskDefaults } from '../talkdesk/settings.ts';
import { arrayAt, editJson, isJson, type Json, objectAt } from './edit-json.ts';
import type { Fault } from './fault.ts';

/** Faults of a list by cursor. */

/** After `length` pages the next cursor is the first one again. */
export function loopingCursor(length = 1): Fault {
  const links: unknown[] = [];
  let repeats = 0;
  return {
    name: 'looping cursor',
    edit: (answer) =>
      editJson(answer, (body) => {
        const next = objectAt(body, '_links')['next'];
        if (links.length < length) {
          if (next !== undefined) links.push(next);
          return body;
        }
        repeats += 1;
        return { ...body, _links: { next: links[(repeats - 1) % length] } };
      }),
  };
}

/** Every page has a next one with a cursor never seen before; the rows are those of the first page. */
export function endlessCursors(): Fault {
  const cursorOf = (request: FakeRequest): string => new URL(request.url).searchParams.get('cursor') ?? '';
  const numberOf = (request: FakeRequest): number => Number(/^endless-(\d+)$/.exec(cursorOf(request))?.[1] ?? 0);
  return {
    name: 'endless cursors',
    rewrite: (request) => withoutCursor(request),
    edit: (answer, request) => withNext(answer, `endless-${numberOf(request) + 1}`),
  };
}

/** No rows, and a next link that leads to the rows that belonged here. */
export function emptyPageWithNext(): Fault {
  return {
    name: 'empty page with next',
    edit: (answer, request) =>
      editJson(answer, (body) => ({
        ...body,
        _embedded: { interactions: [] },
        _links: samePlace(request, Date.parse(answer.headers['date'] ?? '')),
      })),
  };
}

/** The link as it should not be: null, empty, another host, plain http. */
export function oddNext(next: unknown): Fault {
  return { name: 'odd next', edit: (answer) => editJson(answer, (body) => ({ ...body, _links: { next } })) };
}

export function expiredCursor(): Fault {
  const body = JSON.stringify({
    code: '0400000',
    message: 'Bad request',
    fields: [{ name: 'cursor', description: 'expired' }],
  });
  return {
    name: 'expired cursor',
    instead: () => ({ status: 400, headers: { 'content-type': 'application/json' }, body }),
  };
}

/** Each page begins with the last row of the page before it. */
export function repeatedInteraction(): Fault {
  let last: unknown;
  return {
    name: 'repeated interaction',
    edit: (answer) =>
      editJson(answer, (body) => {
        const rows = arrayAt(objectAt(body, '_embedded'), 'interactions');
        const interactions = last === undefined ? rows : [last, ...rows];
        last = rows.at(-1);
        return { ...body, _embedded: { interactions } };
      }),
  };
}

/** An interaction for which `hides` holds is left out of the first page that it belongs to, and listed ever after. */
export function hiddenAtFirst(hides: (interaction: Json) => boolean): Fault {
  const passed = new Set<unknown>();
  const isShown = (interaction: unknown): boolean => {
    if (!isJson(interaction) || passed.has(interaction['id']) || !hides(interaction)) return true;
    passed.add(interaction['id']);
    return false;
  };
  return {
    name: 'hidden at first',
    edit: (answer) =>
      editJson(answer, (body) => {
        const rows = arrayAt(objectAt(body, '_embedded'), 'interactions');
        return { ...body, _embedded: { interactions: rows.filter(isShown) } };
      }),
  };
}

function samePlace(request: FakeRequest, nowMs: number): { next: { href: string } } {
  const query = new URL(request.url).searchParams;
  const cursor = query.get('cursor');
  const position = cursor === null ? undefined : readCursor(cursor, nowMs);
  // another issuing moment makes another text: a new cursor, not one that loops
  if (position) return nextLink(position, position.issuedAtMs + 1, talkdeskDefaults);
  const interval = readInterval(query, nowMs);
  if ('faults' in interval) throw new Error('an answered request has a good interval');
  return nextLink({ ...interval, afterUs: interval.fromUs - 1, afterId: '' }, nowMs, talkdeskDefaults);
}

function withNext(answer: FakeAnswer, cursor: string): FakeAnswer {
  const href = `${talkdeskDefaults.nextBase}?cursor=${encodeURIComponent(cursor)}`;
  return editJson(answer, (body) => ({ ...body, _links: { next: { href } } }));
}

function withoutCursor(request: FakeRequest): FakeRequest {
  const url = new URL(request.url);
  url.searchParams.delete('cursor');
  return { ...request, url: url.href };
}
