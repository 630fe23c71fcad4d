import type { Ledger, LedgerPage } from '#shared/providers/connector.ts';
import { type Flaw, flaw, good, loose } from './flaw.ts';

const { ledger, details, fetchPage, identify } = good;

const without = (name: string, breaks: RegExp | readonly RegExp[], asking: Ledger['fetchPage']): Flaw =>
  flaw(name, breaks, { ledger: { ...ledger, fetchPage: asking } });

/** Every named record of a page, as it stands. */
const unbounded: Ledger['fetchPage'] = async (...asked) => {
  const { records, next, servedAt } = await fetchPage(...asked);
  const listed = records.map((record) => {
    return { ...identify(record), stamp: new Date(loose(record).at).toISOString() };
  });
  return { listed, unreadable: 0, next, servedAt };
};

const once = ({ listed, ...page }: LedgerPage): LedgerPage => ({
  ...page,
  listed: [...new Map(listed.map((one) => [one.stamp, one])).values()],
});

/** Flaws in how a connector keeps its books. */
export const ledgerFlaws: readonly Flaw[] = [
  without('lists what the provider lists', [/and leaves its end/, /counts in its books/], unbounded),
  without('ends its books behind the first page', /books of every record/, async (...asked) => ({
    ...(await ledger.fetchPage(...asked)),
    next: null,
  })),
  without('takes records of one moment for one', [/books of every record/, /leaves its end/], async (...asked) => {
    const whole: LedgerPage = await ledger.fetchPage(...asked);
    return once({ ...whole, listed: whole.listed.map((one) => ({ ...one, stamp: one.stamp.slice(0, 10) })) });
  }),
  without('leaves out silently what it does not understand', /counts in its books/, async (...asked) => ({
    ...(await ledger.fetchPage(...asked)),
    unreadable: 0,
  })),
  without('asks for details that its books have no use for', /no more than the pages/, async (...asked) => {
    const page = await ledger.fetchPage(...asked);
    await details.fetch(asked[0], (await fetchPage(...asked)).records);
    return page;
  }),
];
