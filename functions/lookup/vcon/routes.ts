import type { About, Route } from '../route.ts';
import { noParameters } from '../v1/parameters.ts';
import { answerPackedVcon, answerVcon, packedType, vconTypes } from './answer-vcon.ts';
import { vconSchema } from './vcon-schema.ts';

const ifNoneMatch = { name: 'If-None-Match', description: 'answers 304 where the vCon is still this one' };

const about: About = {
  id: 'getVcon',
  summary: 'The record as a vCon (draft-ietf-vcon-vcon-core), unsigned',
  query: noParameters,
  headers: [{ name: 'Accept', description: vconTypes.join(', ') }, ifNoneMatch],
  answers: { 200: { description: 'the vCon', schema: vconSchema, types: vconTypes } },
};

export const vconRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/conversations/{id}/vcon', needs: 'content', answer: answerVcon, about },
  {
    method: 'GET',
    path: '/v1/conversations/{id}/vcon.gz',
    needs: 'content',
    answer: answerPackedVcon,
    about: {
      id: 'getPackedVcon',
      summary: 'The same vCon, gzip packed',
      query: noParameters,
      headers: [ifNoneMatch],
      answers: { 200: { description: 'the packed vCon', types: [packedType] } },
    },
  },
];
