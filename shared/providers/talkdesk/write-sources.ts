import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import type { Utterance } from '#shared/domain/transcript.ts';
import type { Source } from './words.ts';

/** What made each turn: known of Talkdesk's own records, of others it follows from channel and speaker. */
export function sourcesOf({ conversation, transcript }: StoredRecord): (Source | undefined)[] {
  const turns = transcript?.utterances ?? [];
  if (conversation.provider === 'talkdesk') return spread(keptSources(conversation), turns);
  const written = ['chat', 'sms', 'digital'].includes(conversation.channel) ? 'DCE' : 'STT';
  return turns.map(({ role }) => (role === 'bot' ? 'VA' : written));
}

const isSource = (value: unknown): value is Source => value === 'STT' || value === 'DCE' || value === 'VA';

function keptSources({ metadata }: StoredConversation): Source[] {
  const kept = metadata['sources'];
  return Array.isArray(kept) ? kept.filter(isSource) : [];
}

/** An agent of the virtual agent would be the bot, and only speech has places in the audio. */
const fits = ({ role, endMs }: Utterance, source: Source): boolean =>
  !(role === 'agent' && source === 'VA') && (endMs === null || source === 'STT');

/** Whether a turn speaks for a source. */
const tells = ({ role, endMs }: Utterance, source: Source): boolean =>
  (role === 'bot' && source === 'VA') || (endMs !== null && source === 'STT');

/**
 * The sources are kept in the order in which each came first, not for which turn. So a source comes in with the first turn
 * that speaks for it or that none before it fits, and at the latest with the last turn that still can be its own.
 */
function spread(sources: readonly Source[], turns: readonly Utterance[]): (Source | undefined)[] {
  const latest = latestTurns(sources, turns);
  let known = 0;
  return turns.map((turn, i) => {
    const before = sources.slice(0, known);
    const next = sources[known];
    const best = before.findLast((source) => tells(turn, source)) ?? before.findLast((source) => fits(turn, source));
    const isNext =
      next !== undefined &&
      (i === latest[known] || (fits(turn, next) && (!best || (tells(turn, next) && !tells(turn, best)))));
    if (!isNext) return best ?? before.at(-1);
    known += 1;
    return next;
  });
}

/** For each source the last turn with which it can come in: one that it fits, before that of the source behind it. */
function latestTurns(sources: readonly Source[], turns: readonly Utterance[]): number[] {
  let behind = turns.length;
  const latest = sources.toReversed().map((source) => {
    const found = turns.slice(0, behind).findLastIndex((turn) => fits(turn, source));
    behind = found < 0 ? Math.max(0, behind - 1) : found;
    return behind;
  });
  return latest.toReversed();
}
