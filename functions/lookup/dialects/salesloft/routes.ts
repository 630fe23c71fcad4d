import {
  artifactSchema,
  conversationSchema,
  extensiveSchema,
  recordingSchema,
  sentenceSchema,
  transcriptionSchema,
} from '#shared/providers/salesloft/wire.ts';
import type { About, Route } from '../../route.ts';
import { answerConversation, answerConversations, answerExtensive, answerRecording } from './conversations.ts';
import { listOf, oneOf } from './envelope.ts';
import { conversationsQuery, pagedQuery, transcriptionsQuery } from './parameters.ts';
import { answerArtifact, answerSentences, answerTranscription, answerTranscriptions } from './transcriptions.ts';

const answers = (description: string, schema: NonNullable<About['answers'][number]['schema']>): About['answers'] => ({
  200: { description, schema },
});

const conversationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/conversations',
    needs: 'records',
    answer: answerConversations,
    about: {
      id: 'salesloftListConversations',
      summary: "Salesloft's list of conversations, by filters and page number",
      query: conversationsQuery,
      answers: answers('one page', listOf(conversationSchema)),
      errors: [422],
    },
  },
  {
    method: 'GET',
    path: '/v2/conversations/{id}',
    needs: 'records',
    answer: answerConversation,
    about: {
      id: 'salesloftGetConversation',
      summary: 'One conversation, as in the list',
      answers: answers('the conversation', oneOf(conversationSchema)),
    },
  },
  {
    method: 'GET',
    path: '/v2/conversations/{id}/extensive',
    needs: 'records',
    answer: answerExtensive,
    about: {
      id: 'salesloftGetExtensiveConversation',
      summary: 'One conversation with its people and AI output',
      answers: answers('the conversation', oneOf(extensiveSchema)),
    },
  },
  {
    method: 'GET',
    path: '/v2/conversations/{id}/recording',
    needs: 'media',
    answer: answerRecording,
    about: {
      id: 'salesloftGetRecording',
      summary: "A link to a conversation's recording",
      answers: answers('the link', oneOf(recordingSchema)),
    },
  },
];

const transcriptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/transcriptions',
    needs: 'records',
    answer: answerTranscriptions,
    about: {
      id: 'salesloftListTranscriptions',
      summary: 'Which conversations have a transcript, without what was said',
      query: transcriptionsQuery,
      answers: answers('one page', listOf(transcriptionSchema)),
      errors: [422],
    },
  },
  {
    method: 'GET',
    path: '/v2/transcriptions/{id}',
    needs: 'records',
    answer: answerTranscription,
    about: {
      id: 'salesloftGetTranscription',
      summary: 'One of them',
      answers: answers('the transcription', oneOf(transcriptionSchema)),
    },
  },
  {
    method: 'GET',
    path: '/v2/transcriptions/{id}/sentences',
    needs: 'content',
    answer: answerSentences,
    about: {
      id: 'salesloftListSentences',
      summary: 'What was said',
      query: pagedQuery,
      answers: answers('one page', listOf(sentenceSchema)),
    },
  },
  {
    method: 'GET',
    path: '/v2/transcriptions/{id}/artifact',
    needs: 'media',
    answer: answerArtifact,
    about: {
      id: 'salesloftGetTranscriptArtifact',
      summary: 'A link to the transcript file that Salesloft made; only its own conversations have one',
      answers: answers('the link', oneOf(artifactSchema)),
    },
  },
];

export const salesloftRoutes: readonly Route[] = [...conversationRoutes, ...transcriptionRoutes];
