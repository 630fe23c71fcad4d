import { callSchema, pageSchema, recordingSchema } from '#shared/providers/magpipe/wire.ts';
import type { Route } from '../../route.ts';
import { answerGottenCall, answerPostedCall, answerRecordingUrl } from './calls.ts';
import { answerListCalls } from './list-calls.ts';
import { callQuestion, linkQuestion, listQuestion } from './questions.ts';

const json = 'application/json';
const theCall = { 200: { description: 'the call', schema: callSchema } } as const;

export const magpipeRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/get-call',
    needs: 'records',
    answer: answerPostedCall,
    about: {
      id: 'magpipeGetCall',
      summary: 'One call with its transcript and recording',
      body: { type: json, schema: callQuestion },
      answers: theCall,
      errors: [404, 413, 503],
    },
  },
  {
    method: 'GET',
    path: '/get-call',
    needs: 'records',
    answer: answerGottenCall,
    about: {
      id: 'magpipeGetCallByQuery',
      summary: 'The same, the id in the query',
      query: callQuestion,
      answers: theCall,
      errors: [404, 503],
    },
  },
  {
    method: 'POST',
    path: '/list-calls',
    needs: 'records',
    answer: answerListCalls,
    about: {
      id: 'magpipeListCalls',
      summary: "Magpipe's list of calls, by filters and offset; the body may be empty",
      body: { type: json, schema: listQuestion },
      answers: { 200: { description: 'one page, newest first', schema: pageSchema } },
      errors: [413],
    },
  },
  {
    method: 'POST',
    path: '/get-signed-recording-url',
    needs: 'media',
    answer: answerRecordingUrl,
    about: {
      id: 'magpipeGetRecordingUrl',
      summary: "A link to a call's recording",
      body: { type: json, schema: linkQuestion },
      answers: { 200: { description: 'the link', schema: recordingSchema } },
      errors: [404, 413],
    },
  },
];
