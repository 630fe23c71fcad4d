import type { Call } from './call.ts';
import type { Capability } from './capabilities.ts';
import { answerConnection, answerConnections } from './connections.ts';
import { answerConversation, answerConversations } from './conversations.ts';
import type { Lookup } from './lookup.ts';
import { answerHealth, answerRoot } from './public-pages.ts';
import type { Answer, Request } from './request.ts';
import { answerToken } from './token.ts';
import { answerTranscript } from './transcript.ts';

export type Method = 'GET' | 'POST';
type OpenRoute = { open: (lookup: Lookup, request: Request) => Promise<Answer> };
type GuardedRoute = { needs: Capability; answer: (call: Call) => Promise<Answer> };
export type Route = { method: Method; path: string } & (OpenRoute | GuardedRoute);

/** Every address and what it needs. HEAD is answered wherever GET is. */
export const routes: readonly Route[] = [
  { method: 'POST', path: '/oauth/token', open: answerToken },
  { method: 'POST', path: '/Auth/connect/token', open: answerToken },
  { method: 'GET', path: '/v1/conversations', needs: 'records', answer: answerConversations },
  { method: 'GET', path: '/v1/conversations/{id}', needs: 'records', answer: answerConversation },
  { method: 'GET', path: '/v1/conversations/{id}/transcript', needs: 'content', answer: answerTranscript },
  { method: 'GET', path: '/v1/connections', needs: 'records', answer: answerConnections },
  { method: 'GET', path: '/v1/connections/{id}', needs: 'records', answer: answerConnection },
  { method: 'GET', path: '/healthz', open: answerHealth },
  { method: 'GET', path: '/', open: answerRoot },
];
