import type { Random } from '../random.ts';
import { between, chance } from '../random.ts';
import type { Language } from './phrases.ts';

/** What invented conversations are like; shares are 0 to 1. */
export type InventShape = {
  readonly turns: { readonly min: number; readonly max: number };
  /** transcripts that come late, and by how many seconds */
  readonly lateShare: number;
  readonly lateSeconds: { readonly min: number; readonly max: number };
  /** transcripts that never come */
  readonly neverShare: number;
  readonly german: number;
  readonly french: number;
  /** this many conversations share one microsecond as their stamps */
  readonly equalStamps: number;
};

export const lively: InventShape = {
  turns: { min: 8, max: 40 },
  lateShare: 0.4,
  lateSeconds: { min: 20, max: 60 },
  neverShare: 0.04,
  german: 0.12,
  french: 0.08,
  equalStamps: 0,
};

export function inventLanguage(random: Random, shape: InventShape): Language {
  const share = random();
  if (share < shape.german) return 'de';
  return share < shape.german + shape.french ? 'fr' : 'en';
}

/** Microseconds from a conversation's own moment until its transcript; null: never. */
export function inventDelayUs(random: Random, shape: InventShape): number | null {
  if (chance(random, shape.neverShare)) return null;
  if (!chance(random, shape.lateShare)) return 0;
  const { min, max } = shape.lateSeconds;
  return between(random, min * 1_000_000, max * 1_000_000);
}
