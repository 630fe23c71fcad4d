import type { FakeAnswer } from '../exchange.ts';
import { apiError } from '../vonage/error.ts';
import { repeatedRow } from './answer-faults.ts';
import { arrayAt, editItems, editJson, isJson, type Json, objectAt } from './edit-json.ts';
import type { Fault } from './fault.ts';

/** Faults of the Conversation Analyzer's answers and of the list by continuation token. */

/** The last `count` of the items are left out. */
export function fewerBack(count: number): Fault {
  return items('fewer back', (all) => all.slice(0, Math.max(0, all.length - count)));
}

export function otherOrder(): Fault {
  return items('other order', (all) => all.toReversed());
}

/** A copy of the first item stands before it, under a GUID that nobody asked for. */
export function strangerBack(guid: string): Fault {
  return items('stranger back', (all) => [{ ...all[0], guid }, ...all]);
}

/** The first item comes twice. */
export function twiceBack(): Fault {
  return items('twice back', (all) => [...all, ...all.slice(0, 1)]);
}

export function otherCase(): Fault {
  return each('other case', (item) => ({ ...item, guid: String(item['guid']).toUpperCase() }));
}

/** An item that is no object stands among the others. */
export function oddItem(item: unknown): Fault {
  return items('odd item', (all) => [...all.slice(0, 1), item, ...all.slice(1)]);
}

export function statusOf(status: unknown): Fault {
  return each('other status', (item) => ({ ...item, status }));
}

/** undefined: the field is missing */
export function transcriptOf(transcript: unknown): Fault {
  return each('other transcript', (item) => ({ ...item, transcript }));
}

/** Groups within groups, so many levels deep, the found ones in the innermost. */
export function nestedCategories(depth = 50): Fault {
  const nested = (categories: unknown, level: number): unknown =>
    level === 0 ? categories : [{ category: `Level ${level}`, categories: nested(categories, level - 1) }];
  return each('nested categories', (item) => ({ ...item, categories: nested(item['categories'], depth) }));
}

/** The number of matches as it should not be; in a text it is as documented. */
export function matchesOf(matches: unknown): Fault {
  const categories = (of: Json): Json[] => arrayAt(of, 'categories').filter(isJson);
  const counted = (group: Json): Json => ({
    ...group,
    categories: categories(group).map((one) => ({ ...one, matches })),
  });
  return each('other matches', (item) => ({ ...item, categories: categories(item).map(counted) }));
}

/** The documents' text spells it so, their samples otherwise. */
export function otherSpelling(): Fault {
  return each('other spelling', ({ callTimeBreakDown, ...item }) => ({
    ...item,
    callTimeBreakdown: callTimeBreakDown,
  }));
}

/** A comma is missing before the sentiment, as in the vendor's own sample. */
export function missingComma(): Fault {
  return {
    name: 'missing comma',
    edit: (answer) => ({
      ...answer,
      body: String(answer.body).replaceAll(',"sentimentSummary"', '"sentimentSummary"'),
    }),
  };
}

/** The first continuation token comes again for ever. */
export function loopingToken(): Fault {
  let first: unknown;
  return withNext('looping token', (next) => {
    first ??= next;
    return first;
  });
}

/** Each page begins with the last item of the page before it. */
export const repeatedItem = (): Fault => repeatedRow('items');

/** The token as it should not be: empty, a number, missing (undefined). */
export function oddToken(token: unknown): Fault {
  return withNext('odd token', () => token);
}

export function refusedToken(): Fault {
  return { name: 'refused token', instead: () => apiError(400, 'The continuation token is invalid.') };
}

function items(name: string, change: (all: Json[]) => unknown[]): Fault {
  return { name, edit: (answer) => editItems(answer, change) };
}

function each(name: string, change: (item: Json) => Json): Fault {
  return items(name, (all) => all.map(change));
}

function withNext(name: string, change: (next: unknown) => unknown): Fault {
  const edit = (answer: FakeAnswer): FakeAnswer =>
    editJson(answer, (body) => {
      const meta = objectAt(body, 'meta');
      return { ...body, meta: { ...meta, nextContinuationToken: change(meta['nextContinuationToken']) } };
    });
  return { name, edit };
}
