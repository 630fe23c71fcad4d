import * as z from 'zod';
import type { Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerAsyncApi, answerDocs, answerHealth, answerOpenApi, healthAnswerSchema } from './public-pages.ts';

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
    path: '/openapi.json',
    open: answerOpenApi,
    about: {
      id: 'getOpenApi',
      summary: 'This API as an OpenAPI 3.1 document',
      query: noParameters,
      answers: { 200: { description: 'the document', schema: z.looseObject({ openapi: z.string() }) } },
    },
  },
  {
    method: 'GET',
    path: '/asyncapi.json',
    open: answerAsyncApi,
    about: {
      id: 'getAsyncApi',
      summary: 'The events on the bus as an AsyncAPI 3 document',
      query: noParameters,
      answers: { 200: { description: 'the document', schema: z.looseObject({ asyncapi: z.string() }) } },
    },
  },
  {
    method: 'GET',
    path: '/docs',
    open: answerDocs,
    about: {
      id: 'getDocs',
      summary: 'The same for reading',
      query: noParameters,
      answers: { 200: { description: 'a page', types: ['text/html'] } },
    },
  },
];
