import { formatStamp, parseStamp } from '../stamp.ts';
import type { Row } from './view.ts';
import type { SalesloftRecord } from './world.ts';

/** Field names with what is wrong about their value: the body of a 422. */
export type Faults = Record<string, string[]>;

export type Bounds = { gt?: number; gte?: number; lt?: number; lte?: number };

export type Filters = {
  readonly bounds: ReadonlyMap<string, Bounds>;
  readonly tests: readonly ((row: Row) => boolean)[];
  /** `metadata.filtering` */
  readonly echo: Record<string, unknown>;
  readonly faults: Faults;
};

/** How one filter reads its value: undefined for a bad one. */
type Reader = (text: string) => ((row: Row) => boolean) | undefined;

const operators = ['gt', 'gte', 'lt', 'lte'] as const;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const languageCodes =
  'en-AU en-AB en-GB en-IN en-IE en-NZ en-ZA en-US en-WL es-ES es-US nl-NL it-IT fr-FR fr-CA de-DE de-CH'.split(' ');
const platforms =
  'bluejeans gotomeeting joinme manual_upload ms_teams salesloft uberconference webex zoom google_meet external_audio'.split(
    ' ',
  );

const oneOf =
  (values: readonly string[], field: (record: SalesloftRecord) => string): Reader =>
  (text) =>
    values.includes(text) ? (row) => field(row.record) === text : undefined;

const language = oneOf(languageCodes, (record) => record.languageCode);

const conversationReaders: Readonly<Record<string, Reader>> = {
  title: (text) => (row) => row.record.title === text,
  'title[_starts_with]': (text) =>
    text.length < 3 ? undefined : (row) => row.record.title.toLowerCase().startsWith(text.toLowerCase()),
  language_code: language,
  platform: oneOf(platforms, (record) => record.platform),
  media_type: oneOf(['audio', 'video'], (record) => record.mediaType),
  is_api: oneOf(['true', 'false'], (record) => String(record.isApi)),
};

const conversationLists: Readonly<Record<string, (row: Row) => string | null>> = {
  ids: (row) => row.id,
  owner_ids: (row) => row.record.ownerId,
  user_guids: (row) => row.record.userGuid,
  account_ids: (row) => row.record.accountId,
  person_ids: (row) => row.record.personId,
};

/** What may be filtered by; every other name is ignored, as at the real one. */
export type FilterSet = {
  readonly ranges: readonly string[];
  readonly readers: Readonly<Record<string, Reader>>;
  readonly lists: Readonly<Record<string, (row: Row) => string | null>>;
};

export const conversationFilters: FilterSet = {
  ranges: ['created_at', 'updated_at', 'duration'],
  readers: conversationReaders,
  lists: conversationLists,
};

export const transcriptionFilters: FilterSet = {
  ranges: ['created_at', 'updated_at'],
  readers: { language_code: language },
  lists: { ids: (row) => row.id },
};

export function readFilters(query: URLSearchParams, set: FilterSet): Filters {
  const filters = { bounds: new Map<string, Bounds>(), tests: [] as ((row: Row) => boolean)[], echo: {}, faults: {} };
  for (const field of set.ranges) readRange(query, field, filters);
  for (const [name, reader] of Object.entries(set.readers)) readValue(query, name, reader, filters);
  for (const [name, field] of Object.entries(set.lists)) readList(query, name, field, filters);
  return filters;
}

type Draft = {
  bounds: Map<string, Bounds>;
  tests: ((row: Row) => boolean)[];
  echo: Record<string, unknown>;
  faults: Faults;
};

function readRange(query: URLSearchParams, field: string, draft: Draft): void {
  const bounds: Bounds = {};
  const echo: Record<string, unknown> = {};
  for (const operator of operators) {
    const text = query.get(`${field}[${operator}]`);
    if (text === null) continue;
    const value = field === 'duration' ? wholeNumber(text) : parseStamp(text);
    if (value === undefined) draft.faults[field] = ['is invalid'];
    else {
      bounds[operator] = value;
      echo[operator] = field === 'duration' ? value : formatStamp(value);
    }
  }
  if (Object.keys(bounds).length === 0) return;
  draft.bounds.set(field, bounds);
  draft.echo[field] = echo;
}

function readValue(query: URLSearchParams, name: string, reader: Reader, draft: Draft): void {
  const text = query.get(name);
  if (text === null) return;
  const test = reader(text);
  if (test === undefined) draft.faults[name.replace(/\[.*/, '')] = ['is invalid'];
  else {
    draft.tests.push(test);
    draft.echo[name] = text;
  }
}

/** The encoding of several values is not documented: `ids=a,b`, `ids[]=a&ids[]=b` and `ids=a&ids=b` are all taken. */
function readList(query: URLSearchParams, name: string, field: (row: Row) => string | null, draft: Draft): void {
  const given = [...query.getAll(name), ...query.getAll(`${name}[]`)];
  if (given.length === 0) return;
  const values = given.flatMap((text) => text.split(','));
  const mayBeAnyId = name === 'account_ids' || name === 'person_ids';
  if (!values.every((value) => (mayBeAnyId ? value !== '' : uuidPattern.test(value)))) {
    draft.faults[name] = ['is invalid'];
    return;
  }
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  draft.tests.push((row) => wanted.has(field(row)?.toLowerCase() ?? ''));
  draft.echo[name] = values;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
