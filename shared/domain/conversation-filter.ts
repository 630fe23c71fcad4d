import type { ArtifactState } from './artifact.ts';
import type { Content, ProviderName, StoredConversation } from './conversation.ts';
import { participantKey, participantKeys } from './participant-key.ts';

/**
 * What a list asks of each conversation (design.md section 4). Instants are UTC with milliseconds, so that they compare
 * as text; `…From` and `…Since` are included, `…To` and `…Before` are not, minima and maxima are. What a conversation
 * does not have matches none of them.
 */
export type ConversationFilter = {
  provider?: ProviderName | undefined;
  channel?: Content['channel'] | undefined;
  direction?: Content['direction'] | undefined;
  /** in any case */
  language?: string | undefined;
  /** a phone, an e-mail or an id */
  participant?: string | undefined;
  /** in any case */
  titlePrefix?: string | undefined;
  startedFrom?: string | undefined;
  startedTo?: string | undefined;
  updatedSince?: string | undefined;
  updatedBefore?: string | undefined;
  minDurationMs?: number | undefined;
  maxDurationMs?: number | undefined;
  minSentiment?: number | undefined;
  maxSentiment?: number | undefined;
  /** `name` or `group/name` */
  category?: string | undefined;
  artifact?: { kind: string; state: ArtifactState } | undefined;
};

export type ConversationMatcher = (conversation: StoredConversation) => boolean;

/** The filter as a function; undefined where it asks nothing. */
export function matcherOf(filter: ConversationFilter): ConversationMatcher | undefined {
  const tests = [...plainTests(filter), ...textTests(filter), ...rangeTests(filter), ...partTests(filter)];
  return tests.length === 0 ? undefined : (one) => tests.every((test) => test(one));
}

/** The test where its value was asked for. */
const when = <T>(
  value: T | undefined,
  test: (conversation: StoredConversation, value: T) => boolean,
): ConversationMatcher[] => (value === undefined ? [] : [(one) => test(one, value)]);

const plainTests = ({ provider, channel, direction }: ConversationFilter): ConversationMatcher[] => [
  ...when(provider, (one, value) => one.provider === value),
  ...when(channel, (one, value) => one.channel === value),
  ...when(direction, (one, value) => one.direction === value),
];

const textTests = ({ language, titlePrefix, participant }: ConversationFilter): ConversationMatcher[] => [
  ...when(language?.toLowerCase(), (one, value) => one.language?.toLowerCase() === value),
  ...when(titlePrefix?.toLowerCase(), (one, value) => one.title?.toLowerCase().startsWith(value) ?? false),
  ...when(participant === undefined ? undefined : participantKey(participant), (one, value) =>
    participantKeys(one.participants).includes(value),
  ),
];

const atLeast = <T extends string | number>(value: T | null | undefined, least: T): boolean =>
  value !== null && value !== undefined && value >= least;
const atMost = (value: number | null | undefined, most: number): boolean =>
  value !== null && value !== undefined && value <= most;

const rangeTests = (filter: ConversationFilter): ConversationMatcher[] => [
  ...when(filter.startedFrom, ({ startedAt }, from) => atLeast(startedAt, from)),
  ...when(filter.startedTo, ({ startedAt }, to) => startedAt !== null && startedAt < to),
  ...when(filter.updatedSince, ({ updatedAt }, since) => updatedAt >= since),
  ...when(filter.updatedBefore, ({ updatedAt }, before) => updatedAt < before),
  ...when(filter.minDurationMs, ({ durationMs }, least) => atLeast(durationMs, least)),
  ...when(filter.maxDurationMs, ({ durationMs }, most) => atMost(durationMs, most)),
  ...when(filter.minSentiment, ({ sentiment }, least) => atLeast(sentiment?.score, least)),
  ...when(filter.maxSentiment, ({ sentiment }, most) => atMost(sentiment?.score, most)),
];

const partTests = ({ category, artifact }: ConversationFilter): ConversationMatcher[] => [
  ...when(category, ({ categories }, text) =>
    categories.some(({ group, name }) => name === text || (group !== null && `${group}/${name}` === text)),
  ),
  ...when(
    artifact,
    ({ artifacts }, { kind, state }) => Object.hasOwn(artifacts, kind) && artifacts[kind]?.state === state,
  ),
];
