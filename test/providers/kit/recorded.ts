import * as z from 'zod';
import type { FakeAnswer, FakeRequest } from '#infra/local/fakes/exchange.ts';

/** A recorded talk with a provider: what a fixture file holds (docs/adding-a-provider.md). */

const exchangeSchema = z
  .strictObject({
    /** any where it is not named */
    method: z.enum(['GET', 'POST']).optional(),
    /** behind the account's address */
    path: z.string().startsWith('/'),
    /** parameters that the address must have; it may have others */
    query: z.record(z.string(), z.string()).optional(),
    /** fields that the question's JSON body must have; it may have others */
    request: z.record(z.string(), z.unknown()).optional(),
    status: z.int().default(200),
    /** of the answer */
    headers: z.record(z.string(), z.string()).default({}),
    /** the answer's JSON */
    body: z.unknown().optional(),
    /** the answer as it stands, in place of `body`: for what is no JSON */
    text: z.string().optional(),
    /** in place of both: the number of the entry in `exchange` whose body it gives */
    as: z.int().nonnegative().optional(),
    /** content type of `text` */
    type: z.string().default('application/json'),
  })
  .refine(
    ({ body, text, as }) => [body, text, as].filter((one) => one !== undefined).length === 1,
    'expected either body, text or as',
  );
export type Exchange = z.output<typeof exchangeSchema>;

/** A file's bytes, where they are and how they break. */
const servedFileSchema = z.strictObject({
  /** the record whose file it is */
  externalId: z.string(),
  /** the whole address, without its query, at which the bytes are given in the end */
  href: z.string(),
  contentType: z.string(),
  /** how many; what they are does not matter */
  bytes: z.int().positive(),
  /** the connection breaks behind these many bytes, once each */
  brokenAt: z.array(z.int().nonnegative()).default([]),
});
export type ServedFile = z.output<typeof servedFileSchema>;

export const recordedSchema = z.strictObject({
  about: z.string(),
  window: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
  /** the first that fits a question is its answer */
  exchange: z.array(exchangeSchema).min(1),
  /** answers that come before those of `exchange` once time has passed */
  later: z.array(exchangeSchema).optional(),
  /** answers that come before those of `exchange` when a record is asked for by a hint */
  hinted: z.array(exchangeSchema).optional(),
  /** what the later answers change of each record, by external id: fields and artifact kinds, in order */
  changed: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  /** the error that the first answers end in; the later ones must be good */
  fails: z.string().optional(),
  /** the bytes behind the files, by media key */
  media: z.record(z.string(), servedFileSchema).optional(),
});
export type Recorded = z.output<typeof recordedSchema>;

/** `later` and `hinted` put the answers of that name before the first ones. */
export type Phase = 'first' | 'later' | 'hinted';

/** The recorded answer to a question under `root` (a path without trailing slash); null where there is none. */
export function recordedAnswer(
  { exchange, later = [], hinted = [] }: Pick<Recorded, 'exchange' | 'later' | 'hinted'>,
  root: string,
  phase: Phase = 'first',
): (request: FakeRequest) => FakeAnswer | null {
  const all = [...{ first: [], later, hinted }[phase], ...exchange];
  return (request) => {
    const found = all.find((each) => fits(each, root, request));
    return found ? answerOf(found.as === undefined ? found : { ...found, body: exchange[found.as]?.body }) : null;
  };
}

function fits({ method, path, query = {}, request: fields }: Exchange, root: string, request: FakeRequest): boolean {
  const { pathname, searchParams } = new URL(request.url);
  return (
    pathname === root + path &&
    (method === undefined || method === request.method) &&
    Object.entries(query).every(([name, value]) => searchParams.get(name) === value) &&
    (fields === undefined || holds(jsonOrNull(request.body), fields))
  );
}

/** Whether a JSON value has all that is expected of it; objects may have more. */
function holds(value: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return value === expected;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected) && Object.keys(value).length !== expected.length) return false;
  return Object.entries(expected).every(([key, inner]) => holds(Reflect.get(value, key), inner));
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function answerOf({ status, headers, body, text, type }: Exchange): FakeAnswer {
  if (text !== undefined) return { status, headers: { 'content-type': type, ...headers }, body: text };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
