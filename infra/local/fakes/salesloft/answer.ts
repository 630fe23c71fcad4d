import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { jsonAnswer, jsonTextAnswer } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import { conversationFilters, transcriptionFilters } from './filters.ts';
import { answerList } from './listing.ts';
import { answerArtifact, answerFile, answerRecording } from './media.ts';
import type { Writing } from './rows.ts';
import { conversationText, extensiveText, transcriptionText } from './rows.ts';
import { answerSentences } from './sentences.ts';
import type { SalesloftSettings } from './settings.ts';
import { salesloftDefaults } from './settings.ts';
import { answerToken, refusalOf } from './token-endpoint.ts';
import { viewOf } from './view.ts';
import type { SalesloftRecord, SalesloftWorld } from './world.ts';
import { transcriptAt } from './world.ts';

const notFound = (): FakeAnswer => jsonAnswer(404, { error: 'Not Found' });
const forbidden = (): FakeAnswer => jsonAnswer(403, { error: 'You do not have permission for this conversation' });

/** What Salesloft answers at `nowMs`, but for what depends on earlier requests: budget (budget.ts) and faults. */
export function answerSalesloft(
  world: SalesloftWorld,
  request: FakeRequest,
  nowMs: number,
  settings: SalesloftSettings = salesloftDefaults,
): FakeAnswer {
  const url = new URL(request.url);
  if (url.pathname === '/oauth/token' && request.method === 'POST') return answerToken(request, nowMs, settings);
  const path = url.pathname.split('/').slice(1);
  if (path[0] === 'files') return answerFile(world, path[1] ?? '', request, nowMs, settings);
  if (request.method !== 'GET') return notFound();
  if (path[0] !== 'v2') return notFound();
  const refusal = refusalOf(request, nowMs, settings);
  if (refusal) return refusal;
  const writing: Writing = { world, nowUs: nowMs * usPerMs, origin: url.origin };
  const [, collection, id, part] = path;
  if (path.length > 4) return notFound();
  if (collection === 'conversations') return answerConversations(id, part, url.searchParams, writing, settings);
  if (collection === 'transcriptions') return answerTranscriptions(id, part, url.searchParams, writing, settings);
  return notFound();
}

function answerConversations(
  id: string | undefined,
  part: string | undefined,
  query: URLSearchParams,
  writing: Writing,
  settings: SalesloftSettings,
): FakeAnswer {
  const view = viewOf(writing.world, writing.nowUs / usPerMs);
  if (id === undefined) {
    return answerList(query, view.conversations, {
      filters: conversationFilters,
      sortFields: ['created_at', 'updated_at', 'duration'],
      obeysDirection: true,
      rowText: (row) => conversationText(row.record, writing),
    });
  }
  const record = view.conversation(id);
  if (!record) return notFound();
  if (record.forbidden) return forbidden();
  if (part === undefined) return jsonTextAnswer(200, `{"data":${conversationText(record, writing)}}`);
  if (part === 'extensive') return jsonTextAnswer(200, `{"data":${extensiveText(record, writing)}}`);
  return part === 'recording' ? answerRecording(record, writing, settings) : notFound();
}

function answerTranscriptions(
  id: string | undefined,
  part: string | undefined,
  query: URLSearchParams,
  writing: Writing,
  settings: SalesloftSettings,
): FakeAnswer {
  const view = viewOf(writing.world, writing.nowUs / usPerMs);
  if (id === undefined) {
    return answerList(query, view.transcriptions, {
      filters: transcriptionFilters,
      sortFields: ['created_at', 'updated_at'],
      obeysDirection: settings.transcriptionDirection === 'obeyed',
      rowText: ({ record }) => transcriptionRow(record, writing),
    });
  }
  const record = view.transcribed(id);
  const transcript = record && transcriptAt(record, writing.nowUs);
  if (!record || !transcript) return notFound();
  if (record.forbidden) return forbidden();
  if (part === undefined) return jsonTextAnswer(200, `{"data":${transcriptionText(record, transcript, writing)}}`);
  if (part === 'sentences') return answerSentences(query, record, transcript, writing);
  return part === 'artifact' ? answerArtifact(record, transcript, writing, settings) : notFound();
}

function transcriptionRow(record: SalesloftRecord, writing: Writing): string {
  return record.transcript === null ? 'null' : transcriptionText(record, record.transcript, writing);
}
