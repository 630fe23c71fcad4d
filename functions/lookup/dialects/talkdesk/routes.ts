import {
  interactionPage,
  mediaLinkAnswer,
  recordingAnswer,
  recordingsAnswer,
} from '#shared/providers/talkdesk/wire.ts';
import type { Route } from '../../route.ts';
import { answerInteractions } from './interactions.ts';
import { interactionsQuery, noQuery } from './parameters.ts';
import { answerCallRecordings, answerRecording, answerRecordingMedia } from './recordings.ts';

/** Talkdesk's Conversations and Recordings APIs. */
export const talkdeskRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/conversations/interactions',
    needs: 'records',
    answer: answerInteractions,
    about: {
      id: 'talkdeskListInteractions',
      summary: 'Interactions that started in an interval of at most seven days, with their messages, page by page',
      query: interactionsQuery,
      answers: { 200: { description: 'a page, with the way to the next one', schema: interactionPage } },
      errors: [503],
    },
  },
  {
    method: 'GET',
    path: '/calls/{id}/recordings',
    needs: 'media',
    answer: answerCallRecordings,
    about: {
      id: 'talkdeskListRecordings',
      summary: 'The recordings of an interaction',
      query: noQuery,
      answers: { 200: { description: 'all of them', schema: recordingsAnswer } },
    },
  },
  {
    method: 'GET',
    path: '/recordings/{id}',
    needs: 'media',
    answer: answerRecording,
    about: {
      id: 'talkdeskGetRecording',
      summary: 'One recording',
      query: noQuery,
      answers: { 200: { description: 'its facts', schema: recordingAnswer } },
    },
  },
  {
    method: 'GET',
    path: '/recordings/{id}/media',
    needs: 'media',
    answer: answerRecordingMedia,
    about: {
      id: 'talkdeskGetRecordingMedia',
      summary: 'The bytes of a recording, or with `Accept: application/json` a link to them that needs no header',
      query: noQuery,
      headers: [
        { name: 'Accept', description: 'application/json for a link' },
        { name: 'Range', description: 'bytes=0-1023' },
      ],
      answers: {
        200: { description: 'the link, or the bytes in the type of the file', schema: mediaLinkAnswer },
        206: { description: 'the bytes of the range' },
        302: { description: 'a signed link to the bytes, for more than 100 MiB at once' },
        304: { description: 'the file is still the one that If-None-Match names' },
      },
      errors: [412, 416],
    },
  },
];
