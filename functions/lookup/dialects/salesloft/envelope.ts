import * as z from 'zod';
import { jsonAnswer, type TextAnswer } from '../../http/request.ts';
import type { Paging } from './parameters.ts';

/** `{"data": {...}}` for one, `{"metadata": {...}, "data": [...]}` for a list. */

const pagingSchema = z.object({
  per_page: z.int().positive(),
  current_page: z.int().positive(),
  next_page: z.int().positive().nullable(),
  prev_page: z.int().positive().nullable(),
  total_pages: z.int().nonnegative().optional(),
  total_count: z.int().nonnegative().optional(),
});

const metadataSchema = z.object({
  filtering: z.record(z.string(), z.json()).optional(),
  paging: pagingSchema,
  sorting: z.object({ sort_by: z.string(), sort_direction: z.string() }).optional(),
});
type Metadata = z.infer<typeof metadataSchema>;

export const oneOf = <S extends z.ZodType>(data: S) => z.object({ data });
export const listOf = <S extends z.ZodType>(row: S) => z.object({ metadata: metadataSchema, data: z.array(row) });

/** A page by its number as `metadata.paging` tells it; beyond the last there is no next. */
export function pagingOf({ per_page, page, include_paging_counts }: Paging, total: number): Metadata['paging'] {
  const pages = Math.ceil(total / per_page);
  return {
    per_page,
    current_page: page,
    next_page: page < pages ? page + 1 : null,
    prev_page: page > 1 ? page - 1 : null,
    ...(include_paging_counts && { total_pages: pages, total_count: total }),
  };
}

/** `metadata.sorting`, as Salesloft words it. */
export const sortingOf = ({ sort_by, sort_direction }: { sort_by: string; sort_direction: 'asc' | 'desc' }) => ({
  sort_by,
  sort_direction: sort_direction === 'asc' ? 'ASC NULLS FIRST' : 'DESC NULLS LAST',
});

/** `metadata.filtering`: the filters as they were understood, operators under their field. */
export function filteringOf(query: Readonly<Record<string, unknown>>): Record<string, z.core.util.JSONType> {
  const shown: Record<string, Record<string, z.core.util.JSONType> | z.core.util.JSONType> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || notFilters.has(name)) continue;
    const [, field = name, operator] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
    const told = isStamp(field) ? `${value}Z` : (value as z.core.util.JSONType);
    const known = shown[field];
    if (operator === undefined) shown[field] = told;
    else shown[field] = { ...(typeof known === 'object' && !Array.isArray(known) ? known : {}), [operator]: told };
  }
  return shown;
}

const notFilters: ReadonlySet<string> = new Set([
  'sort_by',
  'sort_direction',
  'per_page',
  'page',
  'include_paging_counts',
]);
const isStamp = (field: string): boolean => field === 'created_at' || field === 'updated_at';

/** Every request costs one point of the budget, however deep its page: our pages cost alike. */
const cost = { 'x-ratelimit-endpoint-cost': '1' };

export const answerOne = <S extends z.ZodType>(schema: S, data: unknown): TextAnswer =>
  jsonAnswer(oneOf(schema).parse({ data }), cost);

export const answerPage = <S extends z.ZodType>(schema: S, metadata: Metadata, data: readonly unknown[]): TextAnswer =>
  jsonAnswer(listOf(schema).parse({ metadata, data }), cost);
