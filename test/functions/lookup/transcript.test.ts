import { describe, expect, test } from 'vitest';
import { get } from './lookup-table.ts';
import { call1, odd, path, said, setUpThreeConversations } from './three-conversations.ts';

setUpThreeConversations();

describe('the transcript', () => {
  const transcript = (accept?: string, client = 'crm') =>
    get(`${path(call1.id)}/transcript`, client, accept === undefined ? {} : { accept });

  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/vtt', 'text/vtt; charset=utf-8'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['text/*;q=0.5, application/json;q=0.4', 'text/vtt; charset=utf-8'],
    ['application/json;q=0, */*', 'text/vtt; charset=utf-8'],
    ['TEXT/PLAIN;charset=utf-8, text/vtt;q=0.9', 'text/plain; charset=utf-8'],
  ])('for Accept %s is %s', async (accept, type) => {
    const answer = await transcript(accept);
    expect([answer.status, answer.headers['content-type'], answer.headers['vary']]).toEqual([200, type, 'Accept']);
  });

  test.each(['image/png', 'text/html', '*/*;q=0', 'application/json;q=0', 'application/json;q=2', 'garbage'])(
    'for Accept %s is a 406',
    async (accept) => {
      const answer = await transcript(accept);
      expect([answer.status, answer.json().code]).toEqual([406, 'notAcceptable']);
    },
  );

  test('as JSON, text and WebVTT', async () => {
    expect((await transcript()).json()).toEqual(said);
    expect((await transcript('text/plain')).text).toBe('Agent: Hello <b> --> & you\nCustomer: Hi\n');
    expect((await transcript('text/vtt')).text).toBe(
      'WEBVTT\n\n0\n00:00:00.000 --> 00:00:00.900\n<v Agent>Hello &lt;b&gt; --&gt; &amp; you\n\n' +
        '1\n00:00:01.000 --> 00:00:01.500\n<v Customer>Hi\n',
    );
  });

  test('that is not there is a 404', async () => {
    expect((await get(`${path(odd.id)}/transcript`)).status).toBe(404);
  });
});
