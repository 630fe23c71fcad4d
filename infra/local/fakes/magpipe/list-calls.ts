import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { seededRandom } from '../random.ts';
import { parseStamp } from '../stamp.ts';
import { apiError, given } from './envelope.ts';
import { readQuestion } from './question.ts';
import { rowText, statusAt, type Writing } from './rows.ts';
import { listedCalls, type MagpipeCall, type MagpipeWorld } from './world.ts';

type Question = Readonly<Record<string, unknown>>;
type Test = (call: MagpipeCall) => boolean;

/** POST /list-calls: newest first by creation, both dates included. */
export function answerListCalls(world: MagpipeWorld, request: FakeRequest, writing: Writing): FakeAnswer {
  const { settings, nowUs } = writing;
  const question = readQuestion(request);
  if (question === undefined) return apiError(500, 'server_error', 'Unexpected end of JSON input', settings);
  const tests = testsOf(question, nowUs);
  if (tests === undefined) return apiError(500, 'query_error', 'invalid input syntax for type timestamp', settings);
  const found = listedCalls(world, nowUs).filter((call) => tests.every((test) => test(call)));
  const offset = count(question['offset'], 0);
  const limit = count(question['limit'], 50);
  const ordered = settings.ties === 'steady' ? found : drawnAnew(found, offset);
  const page = ordered.slice(offset, offset + Math.min(limit, settings.mostRows));
  const rows = page.map((call) => rowText(call, writing)).join(',');
  return given(`{"calls":[${rows}],"total":${found.length},"has_more":${found.length > offset + limit}}`, settings);
}

const count = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;

/** The filters that are set; undefined where a date is none, at which the database fails. */
function testsOf(question: Question, nowUs: number): Test[] | undefined {
  const tests: Test[] = [];
  for (const [name, value] of Object.entries(question)) {
    if (value === null || value === undefined) continue;
    const text = String(value);
    if (name === 'direction') tests.push((call) => call.direction === text);
    if (name === 'status') tests.push((call) => statusAt(call, nowUs) === text);
    if (name === 'agent_id') tests.push((call) => call.agentId === text);
    if (name === 'phone_number') tests.push((call) => call.customerNumber === text || call.serviceNumber === text);
    if (name !== 'from_date' && name !== 'to_date') continue;
    const us = parseStamp(text);
    if (us === undefined) return undefined;
    tests.push(({ createdAtUs }) => (name === 'from_date' ? createdAtUs >= us : createdAtUs <= us));
  }
  return tests;
}

/** Among calls of one moment the database is free, and may choose anew for each page. */
function drawnAnew(calls: readonly MagpipeCall[], offset: number): MagpipeCall[] {
  const drawn = calls.map((call) => ({ call, lot: seededRandom(call.id, offset)() }));
  drawn.sort((a, b) => b.call.createdAtUs - a.call.createdAtUs || a.lot - b.lot);
  return drawn.map(({ call }) => call);
}
