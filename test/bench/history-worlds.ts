import { type FakeRequest, jsonAnswer, pathOf } from '#infra/local/fakes/exchange.ts';
import type { FaultPlan } from '#infra/local/fakes/faults/fault.ts';
import { inventMagpipeWorld } from '#infra/local/fakes/magpipe/invent.ts';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { fakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';
import { type FakeProvider, fakeProvider } from '#infra/local/fakes/provider.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { answerTalkdesk } from '#infra/local/fakes/talkdesk/answer.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { answerVonage } from '#infra/local/fakes/vonage/answer.ts';
import { inventVonageWorld } from '#infra/local/fakes/vonage/invent.ts';
import { minuteLimit } from '#infra/local/fakes/vonage/rate-limit.ts';
import { vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import { windowLimit } from '#infra/local/fakes/window-limit.ts';
import { atCursor, withLimit } from './history-pages.ts';
import { benchNow } from './shape.ts';

/** Requests or points that a provider allows, told to the connection and kept by the fake alike. */
export type Limits = { perMinute: number; perHour?: number };

export type HistoryOptions = {
  conversations: number;
  /** conversations of a page: few, where a few conversations are to make many requests */
  page: number;
  limits: Limits;
  now: () => number;
  faults: FaultPlan;
};

/** One provider's account with some days of history, all of it settled. */
export type HistoryWorld = {
  every: string;
  /** what its limits are for the two runs against the clock, and how many windows those take at the least */
  alone: { limits: Limits; windows: number };
  shared: { limits: Limits; windows: number };
  /** conversations of a page: as many as it gives, and so few that it is quick to make many requests */
  pages: { full: number; small: number };
  /** the least that reading so many conversations whole may cost */
  leastCost: (conversations: number, page: number) => number;
  baseUrl: string;
  tokenPath: string;
  credentials: object;
  fake: (options: HistoryOptions) => FakeProvider;
};

export const origin = 'https://provider.example';
const hour = 3_600_000;
/** Before the live lane's first window, and within one window of every provider. */
const [from, to] = [benchNow - 6 * 24 * hour, benchNow - 26 * hour];
export const backfill = '6d';
const shape = { lateShare: 0, neverShare: 0, german: 0, french: 0, turns: { min: 1, max: 1 } };

const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  clientId,
  clientSecret,
});

const salesloft: HistoryWorld = {
  every: '5m',
  alone: { limits: { perMinute: 150 }, windows: 50 },
  shared: { limits: { perMinute: 300 }, windows: 50 },
  pages: { full: 100, small: 100 },
  leastCost: (conversations, page) => Math.ceil(conversations / page) + 2 * conversations,
  baseUrl: `${origin}/v2`,
  tokenPath: '/oauth/token',
  credentials: clientOf(salesloftDefaults),
  fake: ({ conversations, limits, now, faults }) => {
    const world = inventSalesloftWorld('history', from, to, conversations, shape);
    return fakeSalesloft({ world, now, faults, budgetPerMinute: limits.perMinute });
  },
};

const talkdesk: HistoryWorld = {
  every: '5m',
  alone: { limits: { perMinute: 150 }, windows: 50 },
  shared: { limits: { perMinute: 300 }, windows: 50 },
  pages: { full: talkdeskDefaults.pageSize, small: 1 },
  leastCost: (conversations, page) => Math.ceil(conversations / page),
  baseUrl: origin,
  tokenPath: '/oauth/token',
  credentials: clientOf(talkdeskDefaults),
  // Its own limit is one of each second.
  fake: ({ conversations, page, limits, now, faults }) => {
    const near = atCursor(inventTalkdeskWorld('history', from, to, conversations, shape).interactions, page);
    const limit = { most: limits.perMinute, windowMs: 60_000 };
    const isFree = (request: FakeRequest): boolean => pathOf(request) === '/oauth/token';
    const settings = { ...talkdeskDefaults, pageSize: page };
    return fakeProvider({
      now,
      faults,
      meter: windowLimit(limit, isFree, () => jsonAnswer(429, {})),
      answer: (request, nowMs) => answerTalkdesk({ interactions: near(request) }, request, nowMs, settings),
    });
  },
};

const vonage: HistoryWorld = {
  every: '5m',
  alone: { limits: { perMinute: 80 }, windows: 50 },
  shared: { limits: { perMinute: 160 }, windows: 100 },
  pages: { full: 1_000, small: 1 },
  leastCost: (conversations, page) => Math.ceil(conversations / page) + Math.ceil(conversations / Math.min(page, 50)),
  baseUrl: origin,
  tokenPath: '/Auth/connect/token',
  credentials: clientOf(vonageDefaults),
  fake: ({ conversations, page, limits, now, faults }) => {
    const { interactions } = inventVonageWorld('history', from, to, 2 * conversations, shape);
    // Chats and voicemails are never analysed, and so never whole.
    const analysed = interactions.filter(({ analysis }) => analysis !== null).slice(0, conversations);
    const near = atCursor(analysed, page);
    return fakeProvider({
      now,
      faults,
      meter: minuteLimit(limits),
      answer: (request, nowMs) =>
        answerVonage({ interactions: near(request) }, withLimit(request, page), nowMs, vonageDefaults),
    });
  },
};

const magpipe: HistoryWorld = {
  // What is asked for only to see that there is nothing comes out of a small budget too.
  every: '20m',
  alone: { limits: { perMinute: 30, perHour: 300 }, windows: 50 },
  shared: { limits: { perMinute: 50, perHour: 500 }, windows: 50 },
  pages: { full: 100, small: 100 },
  leastCost: (conversations, page) => Math.ceil(conversations / page) + conversations,
  baseUrl: `${origin}/functions/v1`,
  tokenPath: '/oauth/token',
  credentials: { token: magpipeDefaults.apiToken },
  fake: ({ conversations, limits, now, faults }) => {
    const world = inventMagpipeWorld('history', from, to, conversations, shape);
    return fakeMagpipe({ world, now, faults, rateLimit: limits });
  },
};

/** By provider: one for each connector of the registry. */
export const historyWorlds: Readonly<Record<string, HistoryWorld>> = { salesloft, talkdesk, vonage, magpipe };
