/** Keys strictly between the two texts. */
export type KeyRange = { above: string; below: string };

/** Keys of rows with an instant begin with a digit, which stand between `/` and `:`. */
const dated: KeyRange = { above: '/', below: ':' };
/** A row without a start has the key `-#<uuid>`; `.` follows `-`. */
const undated: KeyRange = { above: '-', below: '.' };
/** Read downwards, undated rows come last by themselves. */
const all: KeyRange = { above: undated.above, below: dated.below };

export type RangeRequest = {
  index: 'byStart' | 'byUpdate';
  order: 'asc' | 'desc';
  from?: string | undefined;
  to?: string | undefined;
  after: string | null;
};

/** What is left to read of a list behind `after`, in reading order: nulls last in both orders. */
export function rangesBehind({ index, order, from, to, after }: RangeRequest): KeyRange[] {
  const bounded = from !== undefined || to !== undefined || index === 'byUpdate';
  if (bounded) return narrowed({ above: from ?? dated.above, below: to ?? dated.below }, order, after);
  if (order === 'desc') return narrowed(all, order, after);
  return after?.startsWith('-') ? narrowed(undated, order, after) : [...narrowed(dated, order, after), undated];
}

function narrowed({ above, below }: KeyRange, order: 'asc' | 'desc', after: string | null): KeyRange[] {
  const range = {
    above: order === 'asc' && after !== null && after > above ? after : above,
    below: order === 'desc' && after !== null && after < below ? after : below,
  };
  return range.above < range.below ? [range] : [];
}
