import { indexOf, limitOf, type RateLimits, type SpanName, spanMs, spanNames } from '#shared/storage/budget-window.ts';

/**
 * What the provider's headers say is left of its own windows. Between two answers others may spend of it, and what is on
 * its way may or may not be counted yet: so that nothing is asked for in vain, both are kept free. Instants are the
 * provider's clock.
 */
export type ToldBudget = {
  /** a request of ours goes out */
  sent: (cost: number) => void;
  /** an answer told what is left; `inFlight` is what was sent besides and not answered */
  hear: (span: SpanName, remaining: number, inFlight: number, now: number) => void;
  /** whether this minute's answers told something */
  isHeard: (now: number) => boolean;
  /** whether earlier ones did, and none of this minute yet: one request goes ahead to find out */
  isAwaited: (now: number) => boolean;
  /** when the window ends (milliseconds since 1970) that has no room for a request of this cost, or null where all have */
  fullUntil: (cost: number, inFlight: number, now: number) => number | null;
};

/** Of one span: its window and what is left of it by the least; what went from it and what we sent, all windows together. */
type Reading = { index: number; least: number; gone: number; sent: number };

/** The most that is kept free for others, each time that we ask: a twentieth of the limit. */
const freeShare = 20;
/** Until so many points are answered others are taken to be as busy as we are. */
const enoughAnswers = 8;
const unknownPace = 2;

export function openToldBudget(limits: RateLimits): ToldBudget {
  const readings: Partial<Record<SpanName, Reading>> = {};
  let heardAt: number | null = null;

  /** Twice what others spend on average for each point of ours that was answered. */
  const othersPace = ({ gone, sent }: Reading, inFlight: number, limit: number): number => {
    const answered = sent - inFlight;
    const pace = answered < enoughAnswers ? unknownPace : (2 * Math.max(0, gone - answered)) / answered;
    return Math.min(pace, limit / freeShare);
  };

  return {
    sent: (cost) => {
      for (const span of spanNames) {
        const reading = readings[span];
        if (reading) reading.sent += cost;
      }
    },
    hear: (span, remaining, inFlight, now) => {
      heardAt = now;
      const index = indexOf(span, now);
      const known = readings[span];
      if (known?.index === index) {
        const least = Math.min(known.least, remaining);
        readings[span] = { ...known, least, gone: known.gone + known.least - least };
      } else {
        const { gone = 0, sent = 0 } = known ?? {};
        readings[span] = { index, least: remaining, gone, sent: sent + inFlight };
      }
    },
    isHeard: (now) => heardAt !== null && indexOf('minute', heardAt) === indexOf('minute', now),
    isAwaited: (now) => heardAt !== null && indexOf('minute', heardAt) !== indexOf('minute', now),
    fullUntil: (cost, inFlight, now) => {
      const ends = spanNames.flatMap((span) => {
        const reading = readings[span];
        const limit = limitOf(limits, span);
        if (reading?.index !== indexOf(span, now) || limit === undefined) return [];
        const others = Math.ceil(othersPace(reading, inFlight, limit) * (inFlight + 1));
        return reading.least - inFlight - others < cost ? [(reading.index + 1) * spanMs[span]] : [];
      });
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };
}
