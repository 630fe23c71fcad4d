import { contentBytes } from '#infra/local/fakes/vonage/content-bytes.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import { fakeVonage } from '#infra/local/fakes/vonage/start.ts';
import { tokenPath } from '#infra/local/fakes/vonage/token-endpoint.ts';
import {
  type CrashWorld,
  clientOf,
  copyCalls,
  lateAtUs,
  lateConnection,
  lateSteps,
  minute,
  pollCalls,
  settled,
  start,
} from './world.ts';

/** Two calls asked for in one batch: of one the analysis and its file come late, of the other they never do. */
export function vonageLate(): CrashWorld {
  const invented = inventVonageWorld('crash', start - 9 * minute, start - 6 * minute, 12, settled).interactions;
  const calls = invented.filter(({ analysis }) => analysis?.outcome === 'processed' && analysis.sentiment !== null);
  const interactions = calls.slice(0, 2).map((record, i) => {
    const atUs = record.startedAtUs;
    const recording = { contentKey: 'callRecording', type: 'callRecording', contentType: 'audio/wav', atUs };
    const transcript = { contentKey: 'transcript', type: 'transcript', contentType: 'application/json' };
    return {
      ...record,
      content: i === 0 ? [recording, { ...transcript, atUs: lateAtUs }] : [recording],
      analysis: record.analysis && { ...record.analysis, atUs, doneAtUs: i === 0 ? lateAtUs : null },
    };
  });
  const ids = interactions.map(({ id }) => id);
  return {
    ...lateSteps,
    ids,
    connection: lateConnection('vonage', {
      tokenUrl: `https://provider.example${tokenPath}`,
      // Files are copied, and not missed.
      expect: ['transcript', 'sentiment', 'categories', 'talkTime'],
    }),
    credentials: clientOf(vonageDefaults),
    fake: (now) => fakeVonage({ world: { interactions }, now }),
    bytesOf: (id, key) => {
      const record = interactions.find((each) => each.id === id);
      const file = record?.content.find(({ contentKey }) => contentKey === key);
      if (!record || !file) throw new TypeError('no such file');
      return contentBytes(record, file, lateAtUs);
    },
    broken: 0,
    passedBy: () => ids,
    events: { transcripts: 1, media: 3, overdue: 4 },
    calls: [...pollCalls, ...copyCalls, 'QueryCommand'],
  };
}
