import type { FakeAnswer } from '../exchange.ts';

/** A parsed body; faults know the shape that they change. */
export type Json = Record<string, unknown>;

/** Changes a page's parsed body; anything but a JSON object with 200 stays as it is. */
export function editJson(answer: FakeAnswer, change: (body: Json) => Json): FakeAnswer {
  if (answer.status !== 200 || typeof answer.body !== 'string') return answer;
  const body: unknown = JSON.parse(answer.body);
  return isJson(body) ? { ...answer, body: JSON.stringify(change(body)) } : answer;
}

/** Changes the records of a body that is a bare array of them, or a single one. */
export function editItems(answer: FakeAnswer, change: (items: Json[]) => unknown[]): FakeAnswer {
  if (answer.status !== 200 || typeof answer.body !== 'string') return answer;
  const body: unknown = JSON.parse(answer.body);
  if (Array.isArray(body)) return { ...answer, body: JSON.stringify(change(body.filter(isJson))) };
  return isJson(body) ? { ...answer, body: JSON.stringify(change([body])[0] ?? null) } : answer;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key, or an empty one. */
export function objectAt(body: Json, key: string): Json {
  const value = body[key];
  return isJson(value) ? value : {};
}

export function arrayAt(body: Json, key: string): unknown[] {
  const value = body[key];
  return Array.isArray(value) ? value : [];
}
