import { inventDialogue } from '../invent/dialogue.ts';
import { supportFrench } from '../invent/french.ts';
import { supportGerman } from '../invent/german.ts';
import { domainOf, inventCompany, inventPerson, inventProduct } from '../invent/people.ts';
import type { InventShape } from '../invent/shape.ts';
import { inventDelayUs, inventLanguage, lively } from '../invent/shape.ts';
import { supportEnglish } from '../invent/support-english.ts';
import type { Growth } from '../invent/timeline.ts';
import { growing, inventMoments } from '../invent/timeline.ts';
import type { Random } from '../random.ts';
import { between, chance, pick, seededRandom, uuid } from '../random.ts';
import { usPerSecond } from '../stamp.ts';
import type { MagpipeCall, MagpipeWorld } from './world.ts';

const phrases = { en: supportEnglish, de: supportGerman, fr: supportFrench };
const agentNames = ['Front desk', 'Booking line', 'After hours'] as const;
/** Calls that nobody answers. */
const unansweredShare = 0.15;

/** That many calls, created in [fromMs, toMs); equal arguments give an equal world. */
export function inventMagpipeWorld(
  seed: string,
  fromMs: number,
  toMs: number,
  count: number,
  shape: Partial<InventShape> = {},
): MagpipeWorld {
  const full = { ...lively, ...shape };
  const moments = inventMoments(seededRandom(seed, 'moments'), fromMs, toMs, count, full);
  return { calls: moments.map((atUs, i) => inventCall(seededRandom(seed, i), atUs, full)) };
}

/** A world that grows with the clock: each call is listed while it rings, goes on, and ends. */
export function growingMagpipeWorld(growth: Growth): (nowMs: number) => MagpipeWorld {
  const world: MagpipeWorld = { calls: [] };
  const more = growing(growth, (random, atUs) => inventCall(random, atUs, lively));
  return (nowMs) => {
    world.calls.push(...more(nowMs));
    return world;
  };
}

function inventCall(random: Random, createdAtUs: number, shape: InventShape): MagpipeCall {
  const agentName = pick(random, agentNames);
  const common = {
    id: uuid(random),
    agentId: uuid(seededRandom('magpipe agent', agentName)),
    agentName,
    customerNumber: inventNumber(random),
    serviceNumber: inventNumber(seededRandom('magpipe line', agentName)),
    direction: chance(random, 0.7) ? 'inbound' : 'outbound',
    createdAtUs,
    visibleAtUs: createdAtUs,
    metadata: chance(random, 0.4) ? { campaign: 'renewals', site: agentName } : null,
  } as const;
  const ringsUntilUs = createdAtUs + between(random, 2, 8) * usPerSecond;
  const rings = [
    { atUs: createdAtUs, status: 'initiated' },
    { atUs: createdAtUs + usPerSecond, status: 'ringing' },
  ];
  if (chance(random, unansweredShare)) return { ...common, ...unanswered(random, ringsUntilUs, rings) };
  return { ...common, ...answered(random, ringsUntilUs, rings, shape) };
}

type Course = Omit<
  MagpipeCall,
  keyof Pick<
    MagpipeCall,
    | 'id'
    | 'agentId'
    | 'agentName'
    | 'customerNumber'
    | 'serviceNumber'
    | 'direction'
    | 'createdAtUs'
    | 'visibleAtUs'
    | 'metadata'
  >
>;

function unanswered(random: Random, endedAtUs: number, rings: MagpipeCall['statuses']): Course {
  const status = pick(random, ['no-answer', 'no-answer', 'busy', 'failed', 'canceled']);
  return {
    statuses: [...rings, { atUs: endedAtUs, status }],
    answeredAtUs: null,
    endedAtUs,
    turns: [],
    transcriptAtUs: null,
    hasSegments: true,
    sentiment: null,
    summary: null,
    recordingAtUs: null,
  };
}

function answered(random: Random, answeredAtUs: number, rings: MagpipeCall['statuses'], shape: InventShape): Course {
  const language = inventLanguage(random, shape);
  const company = inventCompany(random);
  const customer = inventPerson(random, language, domainOf(company)).name;
  const fill = {
    agent: pick(random, ['Robin', 'Juno', 'Sunny']),
    customer,
    company,
    product: inventProduct(random),
    language,
  };
  const length = between(random, shape.turns.min, shape.turns.max);
  const { turns, seconds, summary } = inventDialogue(random, phrases[language], fill, length);
  const endedAtUs = answeredAtUs + seconds * usPerSecond;
  const delayUs = inventDelayUs(random, shape);
  const later = (fromUs: number): number => fromUs + between(random, 0, 15) * usPerSecond;
  const transcriptAtUs = delayUs === null ? null : endedAtUs + delayUs;
  return {
    statuses: [...rings, { atUs: answeredAtUs, status: 'in-progress' }, { atUs: endedAtUs, status: 'completed' }],
    answeredAtUs,
    endedAtUs,
    turns: turns.map(({ side, ...turn }) => ({ ...turn, speaker: side === 'ours' ? 'agent' : 'caller' })),
    transcriptAtUs,
    hasSegments: chance(random, 0.7),
    sentiment:
      transcriptAtUs === null
        ? null
        : { label: pick(random, ['positive', 'neutral', 'neutral', 'negative']), atUs: later(transcriptAtUs) },
    summary: transcriptAtUs === null ? null : { text: summary, atUs: later(transcriptAtUs) },
    recordingAtUs: later(endedAtUs),
  };
}

/** One of the thousand London numbers that are kept for drama. */
const inventNumber = (random: Random): string => `+44207946${String(between(random, 0, 999)).padStart(4, '0')}`;
