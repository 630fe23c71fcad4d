import { createServer } from 'node:http';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';

/**
 * A provider in a process of its own, so that its work is not counted as ours. Pages are made once and then answered
 * from memory; the address is printed.
 */
const count = Number(process.argv[2]);
const world = inventTalkdeskWorld('bench', benchNow - 3 * 3_600_000, benchNow - 3_600_000, count, talkdeskShape);
const fake = fakeTalkdesk({ world, now: () => benchNow, settings: { pageSize, tokenLifeSeconds: 1_000_000 } });
const kept = new Map<string, { status: number; headers: Record<string, string>; body: Buffer }>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const url = `http://${request.headers.host}${request.url}`;
    let answer = request.method === 'GET' ? kept.get(url) : undefined;
    if (!answer) {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const {
        status,
        headers: answered,
        body,
      } = fake.handle({ method: request.method ?? 'GET', url, headers, body: Buffer.concat(chunks).toString() });
      answer = { status, headers: { ...answered }, body: Buffer.from(body) };
      if (request.method === 'GET') kept.set(url, answer);
    }
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length }).end(answer.body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}\n`);
});
