import type { Random } from '../random.ts';
import { between, pick, shuffled } from '../random.ts';
import type { Exchange, Phrases } from './phrases.ts';

export type Turn = {
  readonly side: 'ours' | 'theirs';
  readonly text: string;
  /** seconds from the start, to the hundredth */
  readonly startSeconds: number;
  readonly endSeconds: number;
};

export type Dialogue = {
  readonly turns: readonly Turn[];
  readonly seconds: number;
  readonly title: string;
  readonly summary: string;
  readonly action: string;
};

/** The words in braces. */
export type Fill = {
  readonly agent: string;
  readonly customer: string;
  readonly company: string;
  readonly product: string;
};

const days = {
  en: ['Monday', 'Tuesday', 'Thursday', 'Friday'],
  de: ['Montag', 'Dienstag', 'Donnerstag', 'Freitag'],
  fr: ['lundi', 'mardi', 'jeudi', 'vendredi'],
} as const;

const secondsPerLetter = 0.06;

/** A talk of that many turns, ours first, the two sides in turn. */
export function inventDialogue(
  random: Random,
  phrases: Phrases,
  fill: Fill & { readonly language: keyof typeof days },
  turnCount: number,
): Dialogue {
  const topic = pick(random, phrases.topics);
  const words: Readonly<Record<string, string>> = {
    ...fill,
    number: String(between(random, 12, 480)),
    day: pick(random, days[fill.language]),
    amount: `${between(random, 2, 90) * 50} ${fill.language === 'en' ? 'pounds' : 'euros'}`,
  };
  const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
  const exchanges = arrange(random, phrases, topic.exchanges, Math.ceil(turnCount / 2));
  const turns = timed(random, exchanges.flat().slice(0, turnCount).map(filled));
  return {
    turns,
    seconds: Math.ceil(turns.at(-1)?.endSeconds ?? 0),
    title: filled(topic.title),
    summary: filled(topic.summary),
    action: filled(topic.action),
  };
}

/** Opening, topic in its order with fillers strewn in, closing; fillers come again only in very long talks. */
function arrange(random: Random, phrases: Phrases, topic: readonly Exchange[], count: number): readonly Exchange[] {
  const middle = Math.max(0, count - 2);
  const ofTopic = topic.slice(0, Math.min(topic.length, middle));
  const fillers: Exchange[] = [];
  while (fillers.length < middle - ofTopic.length) fillers.push(...shuffled(random, phrases.fillers));
  const body: Exchange[] = [...ofTopic];
  for (const filler of fillers.slice(0, middle - ofTopic.length))
    body.splice(between(random, 1, body.length), 0, filler);
  return [pick(random, phrases.openings), ...body, pick(random, phrases.closings)].slice(0, count);
}

function timed(random: Random, lines: readonly string[]): Turn[] {
  let clock = 0.2 + random();
  return lines.map((text, i) => {
    const startSeconds = hundredths(clock);
    clock += 0.6 + text.length * secondsPerLetter;
    const endSeconds = hundredths(clock);
    clock += 0.2 + random() * 1.2;
    return { side: i % 2 === 0 ? 'ours' : 'theirs', text, startSeconds, endSeconds };
  });
}

function hundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
