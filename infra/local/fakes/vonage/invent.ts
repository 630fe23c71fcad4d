import { inventDialogue } from '../invent/dialogue.ts';
import { supportFrench } from '../invent/french.ts';
import { supportGerman } from '../invent/german.ts';
import { domainOf, inventCompany, inventPerson, inventProduct } from '../invent/people.ts';
import type { Language } from '../invent/phrases.ts';
import type { InventShape } from '../invent/shape.ts';
import { inventDelayUs, inventLanguage, lively } from '../invent/shape.ts';
import { supportEnglish } from '../invent/support-english.ts';
import type { Growth } from '../invent/timeline.ts';
import { growing, inventMoments } from '../invent/timeline.ts';
import type { Random } from '../random.ts';
import { between, chance, pick, seededRandom } from '../random.ts';
import { usPerMs, usPerSecond } from '../stamp.ts';
import { inventAnalysis } from './invent-analysis.ts';
import { callContent, chatContent, voicemailContent } from './invent-content.ts';
import type { VonageRecord, VonageWorld } from './world.ts';

const phrases = { en: supportEnglish, de: supportGerman, fr: supportFrench };
const kinds = ['call', 'call', 'call', 'call', 'call', 'call', 'call', 'call', 'chat', 'voicemail'] as const;

/** Numbers that are kept for fiction: Ofcom's, the Bundesnetzagentur's and ARCEP's. */
const numbers: Readonly<Record<Language, readonly [start: string, digits: number]>> = {
  en: ['+441632960', 3],
  de: ['+493023125', 3],
  fr: ['+3319900', 4],
};

/** That many interactions, started in [fromMs, toMs) and listed once they have ended; equal arguments, equal world. */
export function inventVonageWorld(
  seed: string,
  fromMs: number,
  toMs: number,
  count: number,
  shape: Partial<InventShape> = {},
): VonageWorld {
  const full = { ...lively, ...shape };
  const moments = inventMoments(seededRandom(seed, 'moments'), fromMs, toMs, count, full);
  return { interactions: moments.map((atUs, i) => inventRecord(seededRandom(seed, i), { startedAtUs: atUs }, full)) };
}

/** A world that grows with the clock; each interaction has just ended when it is listed. */
export function growingVonageWorld(growth: Growth): (nowMs: number) => VonageWorld {
  const world: VonageWorld = { interactions: [] };
  const more = growing(growth, (random, atUs) => inventRecord(random, { visibleAtUs: atUs }, lively));
  return (nowMs) => {
    world.interactions.push(...more(nowMs));
    return world;
  };
}

type Anchor = { readonly startedAtUs: number } | { readonly visibleAtUs: number };

function inventRecord(random: Random, anchor: Anchor, shape: InventShape): VonageRecord {
  const language = inventLanguage(random, shape);
  const agent = inventPerson(random, language, 'contact.example.com');
  const company = inventCompany(random);
  const customer = inventPerson(random, language, domainOf(company)).name;
  const fill = { agent: agent.name, customer, company, product: inventProduct(random), language };
  const turnCount = between(random, shape.turns.min, shape.turns.max);
  const dialogue = inventDialogue(random, phrases[language], fill, turnCount);
  const kind = pick(random, kinds);
  const landsUs = (dialogue.seconds + between(random, 1, 5)) * usPerSecond;
  const startedAtUs = wholeSeconds('startedAtUs' in anchor ? anchor.startedAtUs : anchor.visibleAtUs - landsUs);
  const visibleAtUs = startedAtUs + landsUs;
  const direction = kind !== 'call' || chance(random, 0.8) ? 'inbound' : 'outbound';
  const [ours, theirs] = [inventNumber(seededRandom(language), language), inventNumber(random, language)];
  const agentId = String(between(seededRandom(agent.email), 1_000, 9_999));
  const delayUs = inventDelayUs(random, shape);
  const doneAtUs = delayUs === null ? null : visibleAtUs + delayUs;
  const analysis = kind === 'call' ? inventAnalysis(random, dialogue, language, visibleAtUs, doneAtUs) : null;
  const facts = { random, dialogue, atUs: visibleAtUs, agentId };
  return {
    id: inventGuid(random, startedAtUs),
    startedAtUs,
    connectFrom: direction === 'inbound' ? theirs : ours,
    connectTo: direction === 'inbound' ? ours : theirs,
    direction,
    handlingAgents: kind === 'voicemail' ? [] : [agentId],
    content:
      kind === 'call' ? callContent(facts, analysis) : kind === 'chat' ? chatContent(facts) : voicemailContent(facts),
    analysis,
  };
}

/** By its form as in the documents: it begins with the moment, and its version is none of RFC 9562. */
function inventGuid(random: Random, us: number): string {
  const hex = Array.from({ length: 20 }, () => Math.floor(random() * 16).toString(16)).join('');
  const moment = Math.floor(us / usPerMs)
    .toString(16)
    .padStart(12, '0');
  const parts = [moment.slice(0, 8), moment.slice(8), hex.slice(0, 4), hex.slice(4, 8), hex.slice(8)];
  return parts.join('-');
}

function inventNumber(random: Random, language: Language): string {
  const [start, digits] = numbers[language];
  return start + String(between(random, 0, 10 ** digits - 1)).padStart(digits, '0');
}

/** Starts are told in whole seconds. */
function wholeSeconds(us: number): number {
  return Math.floor(us / usPerSecond) * usPerSecond;
}
