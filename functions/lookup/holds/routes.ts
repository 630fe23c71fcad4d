import type { Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { hold, holdSchema, release } from './answer-hold.ts';

const path = '/v1/conversations/{id}/hold';

/** The legal hold (design.md section 4). */
export const holdRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path,
    needs: 'operations',
    answer: hold,
    about: {
      id: 'holdConversation',
      summary: 'Puts a conversation under a legal hold: neither an erasure nor the end of its retention removes it',
      query: noParameters,
      answers: { 200: { description: 'it is held', schema: holdSchema } },
    },
  },
  {
    method: 'DELETE',
    path,
    needs: 'operations',
    answer: release,
    about: {
      id: 'releaseConversation',
      summary: 'Ends the legal hold of a conversation',
      query: noParameters,
      answers: { 200: { description: 'it is not held', schema: holdSchema } },
    },
  },
];
