import { randomUUID } from 'node:crypto';
import { recordingOf } from '#infra/local/fakes/audio.ts';
import { tooMany } from '#infra/local/fakes/faults/answer-faults.ts';
import { type FaultRule, when } from '#infra/local/fakes/faults/fault.ts';
import { replacedBy } from '#infra/local/fakes/faults/media-faults.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { startFakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { startFakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import type { SalesloftAttendee, SalesloftRecord } from '#infra/local/fakes/salesloft/world.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { startFakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import { startFakeVonage } from '#infra/local/fakes/vonage/start.ts';

export const callbackToken = 'callback-token';
export const client = { clientId: 'crm', clientSecret: 'crm-secret' };

export type Accounts = Awaited<ReturnType<typeof startAccounts>>;

/** Who is erased in the end, and what stands nowhere then; the long conversations are theirs. */
export const person = { id: '7f0e2d1c', fullName: 'Ada Byron', email: 'ada.byron@example.com', isInternal: false };
export const traces = [person.id, person.fullName, person.email, 'SECRETWORD'];

const hour = 3_600_000;
const day = 24 * hour;
const largeBytes = 6 * 1024 ** 2;
/** Behind the first part of a file, which has 5 MiB. */
const cutAt = 5.5 * 1024 ** 2;

/**
 * The accounts of the demo with what makes every right needed: at Salesloft a conversation with a long transcript and a
 * large file that becomes another while it is copied, one whose file is not to be had at first, and one that cannot be
 * understood, each for the polls and once more, days older, for webhooks only.
 */
export async function startAccounts() {
  const now = Date.now();
  const prompt = { lateShare: 0, neverShare: 0, turns: { min: 3, max: 6 } };
  const world = inventSalesloftWorld('rights', now - day, now - hour, 4, prompt);
  const older = inventSalesloftWorld('rights of webhooks', now - 40 * day, now - 30 * day, 3, prompt);
  const [long, slow, broken, buried] = world.conversations.map((record, i) => shaped(record, i));
  const [hookedLong, , hookedBroken] = older.conversations.map((record, i) => shaped(record, i));
  const recent = inventSalesloftWorld('rights of a new reading', now - 2.5 * hour, now - 1.5 * hour, 1, prompt);
  if (!long || !slow || !broken || !buried || !hookedLong || !hookedBroken) throw new Error('a world too small');
  world.conversations.splice(0, 4, long, slow, broken, buried, hookedLong, hookedBroken, ...recent.conversations);
  const salesloft = await startFakeSalesloft({
    world,
    now: Date.now,
    faults: mediaFaults(long.id, slow.id, buried.id),
    budgetPerMinute: 1e6,
  });
  const few = { ...prompt, equalStamps: 0 };
  const talkdesk = await startFakeTalkdesk({
    world: inventTalkdeskWorld('rights', now - day, now - hour, 2, few),
    now: Date.now,
    settings: { filesHost: 'localhost' },
  });
  const vonage = await startFakeVonage({
    world: inventVonageWorld('rights', now - day, now - hour, 2, few),
    now: Date.now,
  });
  const magpipe = await startFakeMagpipe({
    world: inventMagpipeWorld('rights', now - day, now - hour, 2, few),
    now: Date.now,
  });
  const timing = { every: '1s', backfill: '2d', recheck: ['4s', '8s', '1h'], verify: ['1s', '3s'] };
  const seldom = { ...timing, every: '1h' };
  const at = ({ baseUrl, tokenUrl }: { baseUrl: string; tokenUrl: string }) => ({ baseUrl, tokenUrl });
  const sales = {
    provider: 'salesloft',
    ...at(salesloft),
    credentials: clientOf(salesloftDefaults),
    rateLimit: { perMinute: 1e6 },
  };
  return {
    file: {
      connections: [
        { id: 'sales', ...sales, ...timing },
        { id: 'hooked', ...sales, ...seldom, backfill: '1m', webhook: { secrets: [callbackToken] } },
        {
          id: 'support',
          provider: 'talkdesk',
          ...at(talkdesk),
          credentials: clientOf(talkdeskDefaults),
          ...seldom,
          mediaHosts: [new URL(talkdesk.baseUrl).host.replace('127.0.0.1', 'localhost')],
        },
        { id: 'centre', provider: 'vonage', ...at(vonage), credentials: clientOf(vonageDefaults), ...seldom },
        {
          id: 'agents',
          provider: 'magpipe',
          baseUrl: magpipe.baseUrl,
          credentials: { token: magpipeDefaults.apiToken },
          ...seldom,
        },
      ],
      clients: [{ ...client, scopes: ['conversations:read'], perMinute: 60 }],
    },
    ids: {
      long: long.id,
      slow: slow.id,
      broken: broken.id,
      buried: buried.id,
      hookedLong: hookedLong.id,
      hookedBroken: hookedBroken.id,
    },
    /** when the provider made a conversation of the last hours (milliseconds since 1970) */
    recentAt: Math.floor((recent.conversations[0]?.createdAtUs ?? 0) / 1_000),
    /** Whether somebody has begun to fetch the recording of it. */
    isFetched: (id: string): boolean => salesloft.requests.entries.some(({ path }) => path === `/files/${id}.wav`),
    /** The provider has this summary of it from now on. */
    summarize(id: string, text: string): void {
      const place = world.conversations.findIndex((record) => record.id === id);
      const record = world.conversations[place];
      if (!record) throw new Error(`no conversation ${id}`);
      const atUs = Date.now() * 1_000;
      world.conversations[place] = {
        ...record,
        summary: { id: `summary-${id}`, text, atUs },
        updatesUs: [...record.updatesUs, atUs],
      };
      world.revision += 1;
    },
    /** A conversation with this one begins and ends now; gives its id. */
    meet(attendee: SalesloftAttendee): string {
      const atUs = Date.now() * 1_000;
      const id = randomUUID();
      const moments = { createdAtUs: atUs, visibleAtUs: atUs, startUs: atUs, endUs: atUs, updatesUs: [] };
      const without = { recordingAtUs: null, transcript: null, summary: null, invitees: [] };
      world.conversations.push({ ...buried, id, ...moments, ...without, attendees: [attendee] });
      world.revision += 1;
      return id;
    },
    close: async (): Promise<void> => {
      await Promise.all([salesloft, talkdesk, vonage, magpipe].map((fake) => fake.close()));
    },
  };
}

const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  clientId,
  clientSecret,
});

/** The first is long, the second has a large file, the third is not to be understood and mentions the person. */
function shaped(record: SalesloftRecord, i: number): SalesloftRecord {
  if (i === 0 && record.transcript) {
    const sentences = Array.from({ length: 600 }, (_, n) => ({
      ...{ speaker: n % 2, startSeconds: n, endSeconds: n + 1 },
      text: `${n} SECRETWORD ${Math.sin(n)} ${Math.cos(n)} ${Math.tan(n)}`,
    }));
    const attendees = [...record.attendees.slice(0, 1), person];
    const transcript = { ...record.transcript, sentences };
    return { ...record, attendees, recordingBytes: largeBytes, transcript, summary: null };
  }
  if (i === 1) return { ...record, recordingBytes: largeBytes };
  const malformed = { created_at: '1834', started_at: '1834' };
  return i === 2 ? { ...record, title: `With ${person.email}`, malformed } : record;
}

/** Of the long one the link has to wait, and another file comes behind the first cut; of the slow one nothing for a while; the third takes its time. */
function mediaFaults(long: string, slow: string, buried: string): FaultRule[] {
  const cut = { name: 'cut', wire: { kind: 'close' as const, afterBytes: cutAt } };
  const gone = { name: 'gone', wire: { kind: 'reset' as const, afterBytes: -1 } };
  const other = replacedBy({
    bytes: recordingOf('another', largeBytes),
    contentType: 'audio/wav',
    etag: '"another"',
    lastModifiedMs: Date.now(),
  });
  const drip = { name: 'drip', wire: { kind: 'drip' as const, bytes: 2_000, everyMs: 400 } };
  return [
    { match: when({ path: `/files/${buried}.wav` }), fault: drip },
    { match: when({ path: `/v2/conversations/${long}/recording`, first: 2 }), fault: tooMany('1') },
    { match: when({ path: `/files/${long}.wav`, nth: 1 }), fault: cut },
    { match: when({ path: `/files/${long}.wav`, after: 1 }), fault: other },
    { match: when({ path: `/files/${slow}.wav`, nth: 1 }), fault: cut },
    { match: when({ path: `/files/${slow}.wav`, first: 6 }), fault: gone },
  ];
}
