import { transcriptSchema } from '#shared/domain/transcript.ts';
import type { Route } from '../route.ts';
import { answerConnection, answerConnections, connectionStateSchema, connectionsSchema } from './connections.ts';
import { answerConversation, answerConversations } from './conversations.ts';
import { answerHistory, historySchema } from './history.ts';
import { conversationsQuery, includeParameters, noParameters } from './parameters.ts';
import { listedSchema, oneSchema } from './present.ts';
import { answerTranscript, transcriptTypes } from './transcript.ts';

/** Our own shape (design.md section 4). */
export const v1Routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/conversations',
    needs: 'records',
    answer: answerConversations,
    about: {
      id: 'listConversations',
      summary: 'Conversations by filters, page by page, or up to 50 by `ids`',
      query: conversationsQuery,
      headers: [{ name: 'If-None-Match', description: 'answers 304 where a page, without `ids`, is still this one' }],
      answers: {
        200: {
          description: 'a page with `nextCursor`, or with `ids` those found and `notFound`',
          schema: listedSchema,
        },
        304: { description: 'the page is still the one that the caller has; its cursor lives no longer for that' },
      },
      errors: [503],
    },
  },
  {
    method: 'GET',
    path: '/v1/conversations/{id}',
    needs: 'records',
    answer: answerConversation,
    about: {
      id: 'getConversation',
      summary: 'One conversation by id or uuid',
      query: includeParameters,
      headers: [{ name: 'If-None-Match', description: 'answers 304 where the record is still this one' }],
      answers: {
        200: { description: 'the record', schema: oneSchema },
        304: { description: 'the record is still the one that the caller has' },
      },
      errors: [503],
    },
  },
  {
    method: 'GET',
    path: '/v1/conversations/{id}/transcript',
    needs: 'content',
    answer: answerTranscript,
    about: {
      id: 'getTranscript',
      summary: 'What was said, as JSON, WebVTT or text by `Accept`',
      query: noParameters,
      headers: [{ name: 'Accept', description: transcriptTypes.join(', ') }],
      answers: { 200: { description: 'the transcript', schema: transcriptSchema, types: transcriptTypes } },
    },
  },
  {
    method: 'GET',
    path: '/v1/conversations/{id}/history',
    needs: 'records',
    answer: answerHistory,
    about: {
      id: 'getHistory',
      summary: 'The versions of a conversation: when, why, and what changed',
      query: noParameters,
      answers: { 200: { description: 'its versions', schema: historySchema } },
    },
  },
  {
    method: 'GET',
    path: '/v1/connections',
    needs: 'records',
    answer: answerConnections,
    about: {
      id: 'listConnections',
      summary: 'State, progress and budget of every connection',
      query: noParameters,
      answers: { 200: { description: 'all that the caller may see', schema: connectionsSchema } },
    },
  },
  {
    method: 'GET',
    path: '/v1/connections/{id}',
    needs: 'records',
    answer: answerConnection,
    about: {
      id: 'getConnection',
      summary: 'One connection',
      query: noParameters,
      answers: { 200: { description: 'its state', schema: connectionStateSchema } },
    },
  },
];
