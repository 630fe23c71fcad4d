import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { Analysis } from './vcon-schema.ts';

/** Names the shape of a body: that of the field of this name in `/v1`. */
const ours = (shape: string) => ({ product: 'Earshot', schema: `earshot.${shape}.v1` });
const json = { mediatype: 'application/json', encoding: 'json' } as const;

/**
 * What was made of the conversation: transcript, summary, sentiment, and as reports the categories and who talked how long.
 * They are the provider's, in our shape; nothing is worked out, and what is not there is left out.
 */
export function toAnalyses({ conversation, transcript }: StoredRecord): Analysis[] {
  const { provider: vendor, summary, sentiment, categories, talkTime } = conversation;
  const about = { dialog: 0, vendor };
  const analyses: (Analysis | false)[] = [
    transcript !== null && { type: 'transcript', ...about, ...ours('transcript'), ...json, body: transcript },
    summary !== null && { type: 'summary', ...about, mediatype: 'text/plain', encoding: 'none', body: summary },
    sentiment !== null && { type: 'sentiment', ...about, ...ours('sentiment'), ...json, body: sentiment },
    categories.length > 0 && { type: 'report', ...about, ...ours('categories'), ...json, body: categories },
    talkTime !== null && { type: 'report', ...about, ...ours('talkTime'), ...json, body: talkTime },
  ];
  return analyses.filter((analysis) => analysis !== false);
}
