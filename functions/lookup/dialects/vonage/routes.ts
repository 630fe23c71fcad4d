import { analysesAnswer, analysisAnswer, interactionAnswer, interactionPage } from '#shared/providers/vonage/wire.ts';
import type { AnswerAbout, Route } from '../../route.ts';
import { answerAnalyses, answerAnalysis } from './analyzer.ts';
import { answerContent } from './content.ts';
import { analysesQuery, analysisQuery, noQuery, searchQuery } from './parameters.ts';
import { answerInteraction, answerSearch } from './search.ts';
import { typeOf } from './version.ts';

const accept = { name: 'Accept', description: 'application/vnd.newvoicemedia.v3+json; versions 1 to 3' };
const range = { name: 'Range', description: 'bytes=0-1023' };
const types = [typeOf(3)];

const contentAnswers: Readonly<Record<number, AnswerAbout>> = {
  200: { description: 'the bytes, in the type of the file' },
  206: { description: 'the bytes of the range' },
  302: { description: 'a signed link to the bytes, for more than 100 MiB at once' },
  304: { description: 'the file is still the one that If-None-Match names' },
};

/** Vonage's two APIs. */
export const vonageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/conversation-analyzer/interactions',
    needs: 'records',
    answer: answerAnalyses,
    about: {
      id: 'vonageListAnalyses',
      summary:
        'What was said in up to 50 interactions: categories, talk time, sentiment, and with `transcript` the text',
      query: analysesQuery,
      headers: [accept],
      answers: { 200: { description: 'an item for each that there is', schema: analysesAnswer, types } },
      errors: [404, 503],
    },
  },
  {
    method: 'GET',
    path: '/conversation-analyzer/interactions/{guid}',
    needs: 'records',
    answer: answerAnalysis,
    about: {
      id: 'vonageGetAnalysis',
      summary: 'What was said in one interaction',
      query: analysisQuery,
      headers: [accept],
      answers: { 200: { description: 'its item', schema: analysisAnswer, types } },
      errors: [503],
    },
  },
  {
    method: 'GET',
    path: '/interaction-content/interactions',
    needs: 'records',
    answer: answerSearch,
    about: {
      id: 'vonageListInteractions',
      summary: 'Interactions of at most seven days with their content files, page by page',
      query: searchQuery,
      headers: [accept],
      answers: { 200: { description: 'a page with `nextContinuationToken`', schema: interactionPage, types } },
    },
  },
  {
    method: 'GET',
    path: '/interaction-content/interactions/{guid}',
    needs: 'records',
    answer: answerInteraction,
    about: {
      id: 'vonageGetInteraction',
      summary: 'One interaction with its content files',
      query: noQuery,
      headers: [accept],
      answers: { 200: { description: 'the interaction', schema: interactionAnswer, types } },
    },
  },
  {
    method: 'GET',
    path: '/interaction-content/interactions/{guid}/content/{contentKey}',
    needs: 'media',
    answer: answerContent,
    about: {
      id: 'vonageGetContent',
      summary: 'The bytes of a content file',
      query: noQuery,
      headers: [accept, range],
      answers: contentAnswers,
      errors: [412, 416],
    },
  },
];
