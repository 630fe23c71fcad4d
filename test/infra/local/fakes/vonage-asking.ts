import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { answerVonage } from '#infra/local/fakes/vonage/answer.ts';
import { type VonageSettings, vonageDefaults } from '#infra/local/fakes/vonage/settings.ts';
import type { VonageContent, VonageRecord, VonageWorld } from '#infra/local/fakes/vonage/world.ts';
import { type Asked, getRequest, read } from './asking.ts';

/** Short words for requests to a fake Vonage. */

export const accept = 'application/vnd.newvoicemedia.v3+json';
export const token = issueToken(
  { expiresAtMs: Number.MAX_SAFE_INTEGER, scopes: vonageDefaults.scopes },
  vonageDefaults.clientSecret,
);

type Query = Record<string, string>;

export function vonageRequest(path: string, query: Query = {}, headers: Query = {}): FakeRequest {
  const request = getRequest(path, query, token);
  return { ...request, headers: { ...request.headers, accept, ...headers } };
}

export type Asking = {
  readonly at: number;
  readonly query?: Query;
  readonly headers?: Query;
  readonly settings?: Partial<VonageSettings>;
};

export function askVonage(world: VonageWorld, path: string, { at, query, headers, settings }: Asking): Asked {
  const request = vonageRequest(path, query, headers);
  return read(answerVonage(world, request, at, { ...vonageDefaults, ...settings }));
}

export const worldOf = (...interactions: VonageRecord[]): VonageWorld => ({ interactions });

const us = (ms: number): number => ms * 1_000;
const start = Date.parse('2026-03-02T09:14:07Z');

export const recording: VonageContent = {
  contentKey: 'callRecording',
  type: 'callRecording',
  contentType: 'audio/wav',
  atUs: us(start + 60_000),
};

/** A call that is recorded after a minute and analysed after ten. Times in milliseconds since 1970. */
export const call = {
  start,
  recorded: start + 60_000,
  analysed: start + 600_000,
  record: {
    id: '0164705c-c206-dce9-d61a-9899855326a0',
    startedAtUs: us(start),
    connectFrom: '+441632960111',
    connectTo: '+441632960222',
    direction: 'inbound',
    handlingAgents: ['2071'],
    content: [
      recording,
      { contentKey: 'transcript', type: 'transcript', contentType: 'application/json', atUs: us(start + 600_000) },
    ],
    analysis: {
      atUs: us(start + 60_000),
      doneAtUs: us(start + 600_000),
      outcome: 'processed',
      language: 'en-gb',
      confidence: 'Low',
      categories: [{ category: 'Politeness', categories: [{ name: 'Greeting', matches: 1 }] }],
      callTime: { agent: 5, customer: 1, silence: 4, crossTalk: 0 },
      transcript: 'Case.\nHi, and yeah, just a call here. Thank you bye.',
      sentiment: {
        overall: -0.05,
        shares: { veryNegative: 20, negative: 20, neutral: 20, positive: 20, veryPositive: 20 },
        tenths: [0.61, 0.61, -0.61, -0.61, -0.61, -0.48, 0.05, 0.57, 0, 0],
      },
    },
  } satisfies VonageRecord,
} as const;
