import type { Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerHealth, answerRoot, healthAnswerSchema } from './public-pages.ts';

export const documentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/healthz',
    open: answerHealth,
    about: {
      id: 'getHealth',
      summary: 'Whether the function answers',
      query: noParameters,
      answers: { 200: { description: 'it does', schema: healthAnswerSchema } },
    },
  },
  {
    method: 'GET',
    path: '/',
    open: answerRoot,
    about: {
      id: 'getRoot',
      summary: 'Where to look',
      answers: { 200: { description: 'a line', types: ['text/plain'] } },
    },
  },
];
