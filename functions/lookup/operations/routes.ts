import type { Route } from '../route.ts';
import { pageParameters } from '../v1/page-parameters.ts';
import { noParameters } from '../v1/parameters.ts';
import { askFor, cancelOne, showOne } from './answer-operation.ts';
import { type AskedKind, askedKinds } from './kinds.ts';
import { pageSchemaOf, showList } from './list-operations.ts';

const routesOf = (kind: AskedKind): Route[] => {
  const { request, view, name, summary, refusals = [] } = kind;
  const path = `/v1/${kind.kind}`;
  const needs = 'operations';
  return [
    {
      ...{ method: 'POST', path, needs, answer: (call) => askFor(kind, call) },
      about: {
        ...{ id: `create${name}`, summary, query: noParameters },
        body: { type: 'application/json', schema: request },
        answers: { 202: { description: 'it is queued; `Location` names it', schema: view } },
        errors: ['connection' in request.shape ? 404 : 403, ...refusals, 413, 415],
      },
    },
    {
      ...{ method: 'GET', path, needs, answer: (call) => showList(kind, call) },
      about: {
        ...{ id: `list${name}s`, summary: `The ${kind.kind}, newest first`, query: pageParameters },
        answers: {
          200: { description: 'a page; it may be short while `nextCursor` is set', schema: pageSchemaOf(kind) },
        },
      },
    },
    {
      ...{ method: 'GET', path: `${path}/{id}`, needs, answer: (call) => showOne(kind, call) },
      about: {
        ...{ id: `get${name}`, summary: 'How far it has come, and what came of it', query: noParameters },
        answers: { 200: { description: 'its state', schema: view } },
      },
    },
    {
      ...{ method: 'POST', path: `${path}/{id}/cancel`, needs, answer: (call) => cancelOne(kind, call) },
      about: {
        ...{ id: `cancel${name}`, summary: 'Ends it where it is; what it has done stays done', query: noParameters },
        answers: { 200: { description: 'it is cancelled', schema: view } },
        errors: [409],
      },
    },
  ];
};

/** The operations (design.md section 4). */
export const operationRoutes: readonly Route[] = askedKinds.flatMap(routesOf);
