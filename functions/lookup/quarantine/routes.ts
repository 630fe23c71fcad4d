import type { Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerRaw } from './answer-quarantine.ts';
import { answerQuarantine, quarantinePageSchema, quarantineParameters } from './list-quarantine.ts';

/** What could not be understood (design.md section 4). */
export const quarantineRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/quarantine',
    needs: 'records',
    answer: answerQuarantine,
    about: {
      id: 'listQuarantine',
      summary: 'Records that could not be understood, connection by connection',
      query: quarantineParameters,
      answers: {
        200: { description: 'a page; it may be short while `nextCursor` is set', schema: quarantinePageSchema },
      },
    },
  },
  {
    method: 'GET',
    path: '/v1/quarantine/{id}',
    needs: 'content',
    answer: answerRaw,
    about: {
      id: 'getQuarantined',
      summary: 'The raw bytes of one, as a download',
      query: noParameters,
      answers: { 200: { description: 'what the provider sent', types: ['application/octet-stream'] } },
    },
  },
];
