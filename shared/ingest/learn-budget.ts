import type { BudgetReport } from '#shared/providers/connector.ts';
import { afterRefusal, type Refused } from '#shared/storage/budget-estimate.ts';
import { limitSteps } from '#shared/storage/budget-share.ts';
import { indexOf, limitOf, type SpanName, spanMs, spanNames } from '#shared/storage/budget-window.ts';
import type { Holding } from './holding.ts';

/** What answers teach a run of its budget. */

/** A report of what was paid for in advance; instants are the provider's clock. */
export type Answered = { report: BudgetReport; paid: number; sentAt: number; now: number };

/** Takes in a report; gives the counts that are so far above the table's, or so final, that they are written there. */
export function learnReport(holding: Holding, { report, paid, sentAt, now }: Answered): [SpanName, number][] {
  const news: [SpanName, number][] = [];
  if (isCount(report.cost)) holding.inHand -= report.cost - paid;
  for (const span of spanNames) {
    const remaining = span === 'minute' ? report.remainingMinute : report.remainingHour;
    const limit = limitOf(holding.limits, span);
    const known = holding.known?.[span];
    const index = indexOf(span, now);
    // An answer of a window that has passed says nothing of this one.
    const isCurrent = known?.index === index && indexOf(span, sentAt) === index;
    if (!isCount(remaining) || limit === undefined || !isCurrent) continue;
    holding.told.hear(span, remaining, holding.inFlight - paid, now);
    holding.inHand = Math.max(0, Math.min(holding.inHand, remaining));
    const used = Math.min(limit, limit - remaining + holding.inHand);
    const before = Math.max(known.used, holding.least[span]?.used ?? 0);
    if (used <= before) continue;
    holding.least = { ...holding.least, [span]: { index, used } };
    if (used < limit && used - known.used < limit / limitSteps) continue;
    holding.known = holding.known && { ...holding.known, [span]: { index, used } };
    news.push([span, used]);
  }
  return news;
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0;

/**
 * What a refusal teaches of the minute's limit; null for nothing: where the provider tells what is left, or where the
 * block ends before the minute does and so cannot be the minute's.
 */
export function learnRefusal(holding: Holding, until: number, now: number): Refused | null {
  const { known, limits, inHand, inFlight, told } = holding;
  const index = indexOf('minute', now);
  if (limits.perMinute === undefined || known?.minute?.index !== index) return null;
  if (told.isHeard(now) || until < (index + 1) * spanMs.minute) return null;
  const used = known.minute.used - inHand - inFlight;
  return afterRefusal(known.refused, { limit: limits.perMinute, index, used, inFlight });
}
