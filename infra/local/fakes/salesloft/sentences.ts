import type { FakeAnswer } from '../exchange.ts';
import { envelope, pagingBlock, readPaging } from './listing.ts';
import type { Writing } from './rows.ts';
import { sentenceText } from './rows.ts';
import type { SalesloftRecord, SalesloftTranscript } from './world.ts';

/** GET /v2/transcriptions/{id}/sentences: paged, neither filtered nor sorted. */
export function answerSentences(
  query: URLSearchParams,
  record: SalesloftRecord,
  transcript: SalesloftTranscript,
  writing: Writing,
): FakeAnswer {
  const paging = readPaging(query);
  const first = (paging.page - 1) * paging.perPage;
  const rows = transcript.sentences
    .slice(first, first + paging.perPage)
    .map((sentence, i) => sentenceText(record, transcript, sentence, first + i + 1, writing));
  return envelope({ paging: pagingBlock(paging, transcript.sentences.length) }, rows);
}
