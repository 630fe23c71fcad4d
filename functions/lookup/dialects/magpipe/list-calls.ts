import type { StoredConversation } from '#shared/domain/conversation.ts';
import { pageSchema } from '#shared/providers/magpipe/wire.ts';
import { sidesOf, writeRow } from '#shared/providers/magpipe/write.ts';
import { createdStampOf, stampPlace } from '#shared/providers/stamps-of.ts';
import type { Call } from '../../call.ts';
import { type Answer, jsonAnswer } from '../../http/request.ts';
import { dialectIdOf } from '../../records/dialect-ids.ts';
import { walk } from '../walk.ts';
import { listedPage } from '../walk-page.ts';
import { fitsBounds, keyFitsFor, readsFor } from '../walk-plan.ts';
import { readQuestion } from './question.ts';
import { type ListQuestion, listQuestion } from './questions.ts';

/** `POST /list-calls`: newest first by creation. */
export async function answerListCalls(call: Call): Promise<Answer> {
  const question = readQuestion(listQuestion, call.request.body);
  const { limit, offset, ...asked } = question;
  const place = { name: JSON.stringify(['magpipe', asked]), offset, limit };
  const { found, total } = await listedPage(call, place, () => uuidsOf(call, question));
  const content = call.caller.can.has('content');
  const calls = found.map(({ conversation }) =>
    writeRow(conversation, { id: dialectIdOf('magpipe', conversation), content }),
  );
  return jsonAnswer(pageSchema.parse({ calls, total, has_more: total > offset + limit }));
}

function uuidsOf(call: Call, question: ListQuestion): Promise<readonly string[]> {
  const created = { gte: question.from_date, lte: question.to_date };
  const tests = testsOf(question);
  const asked = { sort: 'created', created, updated: {}, filtered: tests.length > 0 } as const;
  return walk(call, {
    readsOf: (connection) => readsFor(asked, connection),
    placeOf: (conversation) => {
      const place = stampPlace(createdStampOf(conversation)) ?? '';
      return fitsBounds(place, created) && tests.every((test) => test(conversation)) ? place : undefined;
    },
    keyFits: keyFitsFor(asked),
    order: 'desc',
  });
}

type Test = (conversation: StoredConversation) => boolean;

const statuses = {
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'missed',
  failed: 'failed',
  canceled: 'canceled',
  'in-progress': 'inProgress',
} as const satisfies Record<NonNullable<ListQuestion['status']>, StoredConversation['status']>;

/** The filters by what the rows show. */
function testsOf({ direction, status, agent_id, phone_number }: ListQuestion): Test[] {
  const number = phone_number === undefined ? undefined : dialled(phone_number);
  return [
    ...(direction === undefined ? [] : [(one: StoredConversation) => one.direction === direction]),
    ...(status === undefined ? [] : [(one: StoredConversation) => one.status === statuses[status]]),
    ...(agent_id === undefined ? [] : [(one: StoredConversation) => sidesOf(one).agent_id === agent_id]),
    ...(number === undefined ? [] : [(one: StoredConversation) => hasNumber(one, number)]),
  ];
}

/** Without what people put between digits. */
const dialled = (number: string): string => number.replaceAll(/[^\d+]/g, '');

function hasNumber(conversation: StoredConversation, number: string): boolean {
  const { from_number, to_number } = sidesOf(conversation);
  return [from_number, to_number].some((side) => side !== null && dialled(side) === number);
}
