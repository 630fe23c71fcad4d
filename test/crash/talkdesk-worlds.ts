import { recordingOf } from '#infra/local/fakes/audio.ts';
import { numberAsText } from '#infra/local/fakes/malformations.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import type { TalkdeskRecord } from '#infra/local/fakes/talkdesk/world.ts';
import {
  type CrashWorld,
  clientOf,
  connectionOf,
  copyCalls,
  filesHost,
  lateAtUs,
  lateConnection,
  lateSteps,
  minute,
  pollCalls,
  settled,
  start,
} from './world.ts';

const pageSize = 2;

/** All visible from the start, and ended before it. */
function invent(count: number, change: (record: TalkdeskRecord, i: number) => Partial<TalkdeskRecord>) {
  const world = inventTalkdeskWorld('crash', start - 9 * minute, start - 6 * minute, count, settled);
  for (const [i, interaction] of world.interactions.entries()) {
    const visible = { visibleAtUs: interaction.startedAtUs, transcriptAtUs: interaction.startedAtUs };
    const id = `00000000-0000-4000-8000-00000000000${i}`;
    Object.assign(interaction, { ...visible, id, ...change(interaction, i) });
  }
  const ids = world.interactions.toSorted((a, b) => a.startedAtUs - b.startedAtUs).map(({ id }) => id);
  return {
    ids,
    credentials: clientOf(talkdeskDefaults),
    fake: (now: () => number) => fakeTalkdesk({ world, now, settings: { pageSize, filesOrigin: filesHost.origin } }),
    bytesOf: (_id: string, key: string) => recordingOf(key.replace('recording-', '')),
  };
}

/** Pages, and a record that cannot be understood: it is quarantined, and its page goes on. */
export function talkdeskNew(): CrashWorld {
  const invented = invent(5, (_record, i) => (i === 3 ? { malformed: numberAsText('started_at') } : {}));
  const { ids } = invented;
  return {
    ...invented,
    connection: connectionOf('talkdesk', { lookback: '10m', media: false }),
    broken: 1,
    passedBy: ({ watermark, resume }) => (watermark >= start ? ids : ids.slice(0, (resume?.pages ?? 0) * pageSize)),
    before: [],
    run: ['poll', 'deliver'],
    events: { transcripts: 4, media: 0, overdue: 0 },
    calls: [...pollCalls, 'BatchGetItemCommand', 'PutObjectCommand'],
  };
}

/** A recording whose bytes come late, a transcript that comes late, and one that never does. */
export function talkdeskLate(): CrashWorld {
  const recording = { id: 'a'.repeat(32), atUs: lateAtUs, durationSeconds: 2, type: 'conversation' as const };
  const invented = invent(3, ({ messages }, i) => {
    const spoken = messages.map((message) => ({
      ...message,
      ...{ channel: 'VOICE' as const, sourceSystem: 'STT' as const },
      ...{ recordingId: recording.id, recordingIndex: 0 },
    }));
    if (i === 0) return { messages: spoken, recordings: [recording] };
    const written = messages.map(({ recordingId: _id, recordingIndex: _index, ...message }) => ({
      ...message,
      ...{ channel: 'CHAT' as const, sourceSystem: 'DCE' as const },
    }));
    return { messages: written, recordings: [], transcriptAtUs: i === 1 ? lateAtUs : null };
  });
  return {
    ...invented,
    ...lateSteps,
    connection: lateConnection('talkdesk', {
      expect: ['transcript', 'media:recording'],
      mediaHosts: [filesHost.host],
    }),
    broken: 0,
    passedBy: () => invented.ids,
    events: { transcripts: 2, media: 1, overdue: 2 },
    calls: [...pollCalls, ...copyCalls, 'QueryCommand'],
  };
}

/** A record that the provider hides from the first readings of its hour: the ledger's next one finds and tells it. */
export function talkdeskHidden(): CrashWorld {
  const hiddenUntil = start + 30 * minute;
  const invented = invent(3, (_record, i) => (i === 1 ? { visibleAtUs: hiddenUntil * 1_000 } : {}));
  return {
    ...invented,
    connection: connectionOf('talkdesk', {
      ...{ lookback: '1m', backfill: '2h', verify: ['1h'], recheck: ['7d'], media: false },
    }),
    broken: 0,
    // Of what is hidden no lane knows.
    passedBy: () => [],
    before: ['poll', 'deliver', 61 * minute],
    run: ['poll', 'deliver'],
    events: { transcripts: 3, media: 0, overdue: 0, gaps: 1 },
    calls: [...pollCalls, 'GetObjectCommand', 'PutObjectCommand', 'QueryCommand', 'BatchGetItemCommand'],
  };
}
