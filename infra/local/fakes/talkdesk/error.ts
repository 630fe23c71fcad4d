import type { FakeAnswer } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';

export type FieldFault = { readonly name: string; readonly description: string };

const messages: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  429: 'Too many requests',
};

/** The API's error shape. Its codes are not listed anywhere: these are invented. */
export function apiError(status: number, fields?: readonly FieldFault[]): FakeAnswer {
  const body = { code: `0${status}000`, message: messages[status] ?? 'Unexpected error', fields };
  return jsonAnswer(status, body);
}
