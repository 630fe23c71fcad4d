import type { Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerAsset, answerPage } from './answer-page.ts';

/** The explorer (design.md section 4). */
export const explorerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    open: answerPage,
    about: {
      id: 'getExplorer',
      summary: 'The explorer: a page for people',
      query: noParameters,
      answers: { 200: { description: 'the page', types: ['text/html'] } },
    },
  },
  {
    method: 'GET',
    path: '/assets/{name}',
    open: answerAsset,
    about: {
      id: 'getExplorerAsset',
      summary: 'A file of that page',
      query: noParameters,
      answers: { 200: { description: 'the file', types: ['text/javascript', 'text/css', 'image/svg+xml'] } },
      errors: [404],
    },
  },
];
