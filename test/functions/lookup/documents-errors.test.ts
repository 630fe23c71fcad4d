import { beforeAll, expect, it } from 'vitest';
import { errorsOf } from '#functions/lookup/documents/errors.ts';
import { routes } from '#functions/lookup/routes.ts';
import { ask, put, setUpMediaLookup, stored } from './media-lookup.ts';

setUpMediaLookup();

/** What is answered stands in the documents, also where it does not follow from the address. */

const analyzer = { accept: 'application/vnd.newvoicemedia.v3+json' };
const tooLarge = JSON.stringify({ call_id: 'x'.repeat(70_000) });
let etag: string;

beforeAll(async () => {
  await put('file', { media: [await stored(Buffer.from('bytes'), { key: 'file' })] });
  etag = (await ask('/v1/conversations/support:file')).headers['etag'] ?? '';
});

const documented = (operation: string): number[] => {
  const route = routes.find(({ about }) => about.id === operation);
  return route ? [...Object.keys(route.about.answers).map(Number), ...errorsOf(route).keys()] : [];
};

type Asked = { target: string; headers?: Record<string, string>; method?: string; body?: string };

it.each<[operation: string, status: number, asked: () => Asked]>([
  ['getConversation', 304, () => ({ target: '/v1/conversations/support:file', headers: { 'if-none-match': etag } })],
  ['getMedia', 412, () => ({ target: '/v1/conversations/support:file/media/file', headers: { 'if-match': '"x"' } })],
  ['getMedia', 416, () => ({ target: '/v1/conversations/support:file/media/file', headers: { range: 'bytes=9-' } })],
  ['salesloftListConversations', 422, () => ({ target: '/v2/conversations?sort_by=x' })],
  ['salesloftListTranscriptions', 422, () => ({ target: '/v2/transcriptions?sort_by=x' })],
  ['vonageListAnalyses', 404, () => ({ target: '/conversation-analyzer/interactions?calls=x', headers: analyzer })],
  ['magpipeGetCall', 404, () => ({ target: '/get-call', method: 'POST', body: '{"call_id":"x"}' })],
  ['magpipeGetCallByQuery', 404, () => ({ target: '/get-call?call_id=x' })],
  ['magpipeGetCall', 413, () => ({ target: '/get-call', method: 'POST', body: tooLarge })],
  ['magpipeListCalls', 413, () => ({ target: '/list-calls', method: 'POST', body: tooLarge })],
  ['magpipeGetRecordingUrl', 413, () => ({ target: '/get-signed-recording-url', method: 'POST', body: tooLarge })],
])('%s answers %i, and its documents say so', async (operation, status, asked) => {
  const { target, headers = {}, ...call } = asked();
  expect((await ask(target, headers, call)).status).toBe(status);
  expect(documented(operation)).toContain(status);
});
