import type { Dialogue } from '../invent/dialogue.ts';
import type { Language } from '../invent/phrases.ts';
import type { Random } from '../random.ts';
import { between, chance, pick, shuffled } from '../random.ts';
import type { VonageAnalysis, VonageSentiment } from './world.ts';

const languageCodes = { en: ['en-gb', 'en-us'], de: ['de-de'], fr: ['fr-fr'] } as const;

const groups: readonly (readonly [group: string, names: readonly string[]])[] = [
  ['Politeness', ['Greeting', 'Thanks', 'Farewell']],
  ['Service', ['Apology', 'Callback promised', 'Delivery', 'Invoice']],
  ['Compliance', ['Recording notice']],
];

/**
 * What the analyzer finds in a call. Of those that it is never done with some are unknown to it, as their agent has no
 * transcription; the others are `processing` for ever.
 */
export function inventAnalysis(
  random: Random,
  dialogue: Dialogue,
  language: Language,
  atUs: number,
  doneAtUs: number | null,
): VonageAnalysis | null {
  if (doneAtUs === null && chance(random, 0.5)) return null;
  const found = chance(random, 0.9) ? groups.filter(() => chance(random, 0.7)) : [];
  return {
    atUs,
    doneAtUs,
    outcome: chance(random, 0.03) ? 'failed' : 'processed',
    language: pick(random, languageCodes[language]),
    // the documents write it both ways
    confidence: pick(random, ['High', 'high', 'Medium', 'Low', 'low']),
    categories: found.map(([category, names]) => ({
      category,
      categories: shuffled(random, names)
        .slice(0, between(random, 1, names.length))
        .map((name) => ({ name, matches: between(random, 1, 6) })),
    })),
    callTime: callTimeOf(dialogue),
    transcript: dialogue.turns.map(({ text }) => text).join('\n'),
    sentiment: chance(random, 0.95) ? inventSentiment(random) : null,
  };
}

/** Whole seconds that each side speaks; the rest is silence. */
function callTimeOf({ turns, seconds }: Dialogue): VonageAnalysis['callTime'] {
  const spoken = (side: 'ours' | 'theirs'): number => {
    const lengths = turns.filter((turn) => turn.side === side).map((turn) => turn.endSeconds - turn.startSeconds);
    return Math.floor(lengths.reduce((sum, length) => sum + length, 0));
  };
  const [agent, customer] = [spoken('ours'), spoken('theirs')];
  return { agent, customer, silence: Math.max(0, seconds - agent - customer), crossTalk: 0 };
}

function inventSentiment(random: Random): VonageSentiment {
  const tenths = Array.from({ length: 10 }, () => between(random, -80, 80) / 100);
  const mean = tenths.reduce((sum, score) => sum + score, 0) / tenths.length;
  const share = (low: number, high: number): number => 10 * tenths.filter((at) => low <= at && at < high).length;
  return {
    overall: Math.round(mean * 100) / 100,
    shares: {
      veryNegative: share(-1, -0.6),
      negative: share(-0.6, -0.2),
      neutral: share(-0.2, 0.2),
      positive: share(0.2, 0.6),
      veryPositive: share(0.6, 2),
    },
    tenths,
  };
}
