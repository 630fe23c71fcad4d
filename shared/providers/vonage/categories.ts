import type { Content } from '#shared/domain/conversation.ts';
import { said } from '../field-schemas.ts';
import { type Drift, kindOf, note, readEach } from '../read-record.ts';
import { type Analysis, groupSchema, readMatches } from './schema.ts';

type Category = Content['categories'][number];

/** A number in a string; a plain number too. */
function countOf(matches: string | null, drift: Drift): number | null {
  if (matches === null || /^\d{1,15}$/.test(matches)) return matches === null ? null : Number(matches);
  note(drift, 'analysis.categories[].categories[].matches=<text>');
  return null;
}

/** A category without a name is none. */
const named = (group: string | null, name: string | null, matches: number | null): Category[] =>
  said(name) === null || name === null ? [] : [{ group, name, matches }];

/** The names of version 1, which has no counts. */
function plainNames(group: string | null, names: readonly unknown[], drift: Drift): Category[] {
  return names.flatMap((name) => {
    if (typeof name === 'string') return named(group, name.toWellFormed(), null);
    note(drift, `analysis.categories[].subcategories[]=<${kindOf(name)}>`);
    return [];
  });
}

/** The matched categories of all groups, as given. */
export const categoriesOf = ({ categories }: Analysis, drift: Drift): Category[] =>
  readEach(groupSchema, categories, 'analysis.categories[]', drift).flatMap(
    ({ category, categories: matched, subcategories }) => {
      const group = said(category);
      return [
        ...readMatches(matched, drift).flatMap(({ name, matches }) => named(group, name, countOf(matches, drift))),
        ...plainNames(group, subcategories ?? [], drift),
      ];
    },
  );
