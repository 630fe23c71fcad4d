import type { FakeAnswer } from '../exchange.ts';
import { jsonAnswer, jsonTextAnswer } from '../exchange.ts';
import type { MagpipeSettings } from './settings.ts';

type Envelope = Pick<MagpipeSettings, 'envelope' | 'errors'>;

/** A good answer, its body as JSON text. */
export function given(text: string, { envelope }: Envelope): FakeAnswer {
  return jsonTextAnswer(200, envelope === 'wrapped' ? `{"data":${text},"error":null}` : text);
}

/** The case of codes differs from endpoint to endpoint at the real one. */
export function apiError(status: number, code: string, message: string, { envelope, errors }: Envelope): FakeAnswer {
  const error = errors === 'text' ? message : { code, message };
  return jsonAnswer(status, envelope === 'wrapped' ? { data: null, error } : { error });
}
