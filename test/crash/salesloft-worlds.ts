import { recordingOf } from '#infra/local/fakes/audio.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import type { SalesloftRecord } from '#infra/local/fakes/salesloft/world.ts';
import { leastPartBytes } from '#shared/storage/media-uploads.ts';
import {
  type CrashWorld,
  clientOf,
  connectionOf,
  copyCalls,
  lateAtUs,
  lateConnection,
  lateSteps,
  minute,
  pollCalls,
  settled,
  start,
} from './world.ts';

export const baseUrl = 'https://provider.example/v2';

export function invent(count: number, change: (record: SalesloftRecord, i: number) => Partial<SalesloftRecord>) {
  const world = inventSalesloftWorld('crash', start - 9 * minute, start - 2 * minute, count, settled);
  for (const [i, conversation] of world.conversations.entries()) Object.assign(conversation, change(conversation, i));
  const records = new Map(world.conversations.map((record) => [record.id, record]));
  return {
    ids: [...records.keys()],
    credentials: clientOf(salesloftDefaults),
    fake: (now: () => number) => fakeSalesloft({ world, now }),
    bytesOf: (id: string) => recordingOf(id, records.get(id)?.recordingBytes),
  };
}

/** One transcript is too long for its item and goes to the bucket first. */
export function salesloftNew(): CrashWorld {
  const text = Array.from({ length: 6_000 }, (_, i) => ((i * 7_919) % 4_093).toString(36)).join(' ');
  const invented = invent(3, ({ transcript }, i) => {
    const [sentence, ...others] = transcript?.sentences ?? [];
    if (i !== 1 || !transcript || !sentence) return {};
    return { transcript: { ...transcript, sentences: [{ ...sentence, text }, ...others] } };
  });
  const { ids } = invented;
  return {
    ...invented,
    connection: connectionOf('salesloft', { baseUrl, lookback: '10m', media: false }),
    broken: 0,
    passedBy: ({ watermark }) => (watermark >= start ? ids : []),
    before: [],
    run: ['poll', 'deliver'],
    events: { transcripts: 3, media: 0, overdue: 0 },
    calls: [...pollCalls, 'BatchGetItemCommand', 'PutObjectCommand'],
  };
}

/** Recordings are copied, and only the transcript is missed. */
const recordings = { expect: ['transcript'], media: ['recording'] };

/** A transcript and a recording that come late, of which the list says nothing; and a transcript that never comes. */
export function salesloftLate(): CrashWorld {
  const invented = invent(2, ({ transcript }, i) => ({
    ...{ updatesUs: [], summary: null },
    ...(i === 0 && transcript
      ? { transcript: { ...transcript, atUs: lateAtUs }, recordingAtUs: lateAtUs }
      : { transcript: null }),
  }));
  return {
    ...invented,
    ...lateSteps,
    connection: lateConnection('salesloft', { baseUrl, ...recordings }),
    broken: 0,
    passedBy: () => invented.ids,
    events: { transcripts: 1, media: 2, overdue: 1 },
    calls: [...pollCalls, ...copyCalls, 'QueryCommand'],
  };
}

/** A recording of two parts, of which the first invocation brings one. */
export function salesloftLarge(): CrashWorld {
  const invented = invent(1, () => ({ recordingBytes: leastPartBytes + 128 * 1024 }));
  return {
    ...invented,
    connection: connectionOf('salesloft', { baseUrl, lookback: '10m', ...recordings }),
    broken: 0,
    passedBy: () => invented.ids,
    before: ['poll'],
    run: ['deliver'],
    events: { transcripts: 1, media: 1, overdue: 0 },
    calls: [
      ...copyCalls.filter((call) => call !== 'PutObjectCommand'),
      ...['UpdateItemCommand', 'CreateMultipartUploadCommand', 'UploadPartCommand', 'ListPartsCommand'],
      'CompleteMultipartUploadCommand',
    ],
  };
}
