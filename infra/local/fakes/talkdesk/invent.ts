import type { Turn } from '../invent/dialogue.ts';
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
import type { TalkdeskMessage, TalkdeskRecord, TalkdeskWorld } from './world.ts';

const phrases = { en: supportEnglish, de: supportGerman, fr: supportFrench };
const ringGroups = ['support', 'billing', 'delivery'] as const;

type Kind = Pick<TalkdeskMessage, 'channel' | 'sourceSystem'>;

const speech: Kind = { channel: 'VOICE', sourceSystem: 'STT' };
const kinds: readonly [Kind, ...Kind[]] = [
  speech,
  speech,
  speech,
  speech,
  speech,
  { channel: 'CHAT', sourceSystem: 'DCE' },
  { channel: 'SMS', sourceSystem: 'DCE' },
  { channel: 'WEBCHAT', sourceSystem: 'VA' },
];

/** That many interactions, started in [fromMs, toMs) and listed once they have ended; equal arguments, equal world. */
export function inventTalkdeskWorld(
  seed: string,
  fromMs: number,
  toMs: number,
  count: number,
  shape: Partial<InventShape> = {},
): TalkdeskWorld {
  const full = { ...lively, ...shape };
  const moments = inventMoments(seededRandom(seed, 'moments'), fromMs, toMs, count, full);
  return { interactions: moments.map((atUs, i) => inventRecord(seededRandom(seed, i), { startedAtUs: atUs }, full)) };
}

/** A world that grows with the clock; each interaction has just ended when it is listed. */
export function growingTalkdeskWorld(growth: Growth): (nowMs: number) => TalkdeskWorld {
  const world: TalkdeskWorld = { interactions: [] };
  const more = growing(growth, (random, atUs) => inventRecord(random, { visibleAtUs: atUs }, lively));
  return (nowMs) => {
    world.interactions.push(...more(nowMs));
    return world;
  };
}

type Anchor = { readonly startedAtUs: number } | { readonly visibleAtUs: number };

function inventRecord(random: Random, anchor: Anchor, shape: InventShape): TalkdeskRecord {
  const language = inventLanguage(random, shape);
  const company = inventCompany(random);
  const agent = inventPerson(random, language, 'support.example.com');
  const customer = inventPerson(random, language, domainOf(company));
  const fill = { agent: agent.name, customer: customer.name, company, product: inventProduct(random), language };
  const { turns, seconds } = inventDialogue(
    random,
    phrases[language],
    fill,
    between(random, shape.turns.min, shape.turns.max),
  );
  const kind = pick(random, kinds);
  const waitUs = between(random, 1, 5) * usPerSecond;
  const startedAtUs =
    'startedAtUs' in anchor ? anchor.startedAtUs : anchor.visibleAtUs - seconds * usPerSecond - waitUs;
  const endedAtUs = startedAtUs + seconds * usPerSecond;
  const visibleAtUs = endedAtUs + waitUs;
  const isSpeech = kind.sourceSystem === 'STT';
  const delayUs = isSpeech ? inventDelayUs(random, shape) : 0;
  const agentId = uuid(seededRandom(agent.email));
  const recordingId = isSpeech ? uuid(random).replaceAll('-', '') : undefined;
  return {
    id: uuid(random),
    customerId: uuid(seededRandom(customer.email)),
    startedAtUs,
    endedAtUs,
    direction: chance(random, 0.8) ? 'inbound' : 'outbound',
    ringGroups: kind.sourceSystem === 'VA' ? [] : [pick(random, ringGroups)],
    ...(chance(random, 0.5) ? { queues: ['support'] } : {}),
    agents: [chance(random, 0.3) ? { id: agentId, name: agent.name } : { id: agentId }],
    visibleAtUs,
    transcriptAtUs: delayUs === null ? null : visibleAtUs + delayUs,
    messages: turns.map((turn) =>
      inventMessage(random, turn, kind, { startedAtUs, agentId, agentName: agent.name, recordingId }),
    ),
    recordings:
      recordingId === undefined
        ? []
        : [{ id: recordingId, atUs: visibleAtUs + (delayUs ?? 0), durationSeconds: seconds, type: 'conversation' }],
  };
}

function inventMessage(
  random: Random,
  turn: Turn,
  kind: Kind,
  of: { startedAtUs: number; agentId: string; agentName: string; recordingId: string | undefined },
): TalkdeskMessage {
  const isOurs = turn.side === 'ours';
  const isBot = kind.sourceSystem === 'VA';
  const { startSeconds, endSeconds, text } = turn;
  return {
    messageId: uuid(random),
    text,
    ...kind,
    participant: isOurs ? (isBot ? 'virtual_agent' : 'agent') : 'customer',
    sentiment: pick(random, ['neutral', 'neutral', 'positive', 'negative']),
    startAtUs: of.startedAtUs + Math.round(startSeconds * usPerSecond),
    ...(isOurs ? { agentId: of.agentId } : {}),
    ...(isOurs && isBot ? { agentName: of.agentName } : {}),
    ...(!isOurs && isBot ? { intent: 'ask_for_help', intentConfidenceScore: 0.87, intentIsFallback: false } : {}),
    ...(of.recordingId === undefined
      ? {}
      : { startSeconds, endSeconds, recordingIndex: 0, recordingId: of.recordingId }),
  };
}
