import { numberAsText } from '#infra/local/fakes/malformations.ts';
import type { FakeProvider } from '#infra/local/fakes/provider.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import type { Lane } from '#shared/domain/checkpoint.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { epoch } from '#test/support/records.ts';

/** A provider whose past is fixed, so that every run must come to the same end. */
export type CrashWorld = {
  connection: Connection;
  credentials: { clientId: string; clientSecret: string };
  fake: (now: () => number) => FakeProvider;
  /** external ids of all its records, in the order of the listing */
  ids: string[];
  /** how many of them cannot be understood */
  broken: number;
  /** the ids of which a lane says that they are safe */
  passedBy: (lane: Lane) => string[];
};

const settled = { lateShare: 0, neverShare: 0, german: 0, french: 0, turns: { min: 2, max: 4 } };
const minute = 60_000;

const connectionOf = (provider: 'salesloft' | 'talkdesk', baseUrl: string): Connection =>
  connectionSchema.parse({
    id: provider,
    provider,
    baseUrl,
    tokenUrl: 'https://provider.example/oauth/token',
    credentials: { secret: provider },
    backfill: '0ms',
    lookback: '10m',
  });

const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  clientId,
  clientSecret,
});

const pageSize = 2;

export function talkdeskCrashWorld(): CrashWorld {
  const world = inventTalkdeskWorld('crash', epoch - 9 * minute, epoch - 6 * minute, 5, settled);
  for (const [i, interaction] of world.interactions.entries()) {
    // All visible from the start, and ended before it.
    Object.assign(interaction, {
      visibleAtUs: interaction.startedAtUs,
      transcriptAtUs: interaction.startedAtUs,
      id: `00000000-0000-4000-8000-00000000000${i}`,
      // One cannot be understood: it is quarantined, and its page goes on.
      ...(i === 3 ? { malformed: numberAsText('started_at') } : {}),
    });
  }
  const ids = world.interactions.toSorted((a, b) => a.startedAtUs - b.startedAtUs).map(({ id }) => id);
  return {
    connection: connectionOf('talkdesk', 'https://provider.example'),
    credentials: clientOf(talkdeskDefaults),
    fake: (now) => fakeTalkdesk({ world, now, settings: { pageSize } }),
    ids,
    broken: 1,
    passedBy: ({ watermark, resume }) => (watermark >= epoch ? ids : ids.slice(0, (resume?.pages ?? 0) * pageSize)),
  };
}

export function salesloftCrashWorld(): CrashWorld {
  const world = inventSalesloftWorld('crash', epoch - 9 * minute, epoch - 2 * minute, 3, settled);
  const ids = world.conversations.map(({ id }) => id);
  // One transcript is too long for its item and goes to the bucket first.
  const [sentence] = world.conversations[1]?.transcript?.sentences ?? [];
  Object.assign(sentence ?? {}, {
    text: Array.from({ length: 6_000 }, (_, i) => ((i * 7_919) % 4_093).toString(36)).join(' '),
  });
  return {
    connection: connectionOf('salesloft', 'https://provider.example/v2'),
    credentials: clientOf(salesloftDefaults),
    fake: (now) => fakeSalesloft({ world, now }),
    ids,
    broken: 0,
    passedBy: ({ watermark }) => (watermark >= epoch ? ids : []),
  };
}
