import type { About, Route } from '../route.ts';
import { answerToken, grantSchema, tokenSchema } from './token.ts';

const about = (id: string): About => ({
  id,
  summary: 'A token by client credentials, in the form or as HTTP Basic',
  body: { type: 'application/x-www-form-urlencoded', schema: grantSchema },
  answers: { 200: { description: 'a bearer token that lives two hours', schema: tokenSchema } },
});

export const accessRoutes: readonly Route[] = [
  { method: 'POST', path: '/oauth/token', open: answerToken, about: about('createToken') },
  { method: 'POST', path: '/Auth/connect/token', open: answerToken, about: about('createVonageToken') },
];
