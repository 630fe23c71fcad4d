import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliveryKey } from '#functions/webhook/inbox.ts';
import { senders } from '#test/webhooks/senders.ts';
import { fromSalesloft, openAccountsWorld, secrets } from './accounts-world.ts';
import { start, type World } from './webhook-harness.ts';

let world: World;
beforeEach(() => {
  world = openAccountsWorld();
});

describe('a genuine delivery', () => {
  it.each([
    ['sales', 'salesloft', 'application/json; charset=utf-8'],
    ['voice', 'magpipe', 'Application/JSON'],
    ['calls', 'vonage', 'application/cloudevents+json'],
    ['support', 'standard', 'application/json'],
    ['other', 'standard', 'application/cloudevents+json'],
  ] as const)('to %s, signed as %s does, is in the inbox when it is answered with 202', async (id, sender, type) => {
    const text = '{"id": "5c1f6d0e", "title":"Straße"}';
    const signed = senders[sender].sign(secrets[sender], Buffer.from(text), start);
    const headers = Object.entries({ 'Content-Type': type, ...signed }).map(([name, value]) => [
      name.toUpperCase(),
      value,
    ]);
    const answer = await world.post(`/webhooks/${id}?from=here`, { headers: Object.fromEntries(headers), body: text });
    expect([answer.statusCode, answer.body]).toEqual([202, '{}']);
    expect(world.jobs).toEqual([
      {
        connection: id,
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        event: null,
        isSigned: true,
        receivedAt: start,
        waits: 0,
        body: text,
      },
    ]);
  });

  it('says its event, cut short, where a header does', async () => {
    await world.post('/webhooks/sales', fromSalesloft());
    const other = fromSalesloft();
    await world.post('/webhooks/sales', {
      ...other,
      headers: { ...other.headers, 'x-salesloft-event': 'e'.repeat(9_000) },
    });
    expect(world.jobs.map(({ event }) => event)).toEqual(['conversation_created', 'e'.repeat(100)]);
  });

  it('may come in base64, without a type, and of any shape', async () => {
    for (const text of [
      '{}',
      '[]',
      '7',
      'null',
      '"text"',
      '{"id":{"id":[]}}',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    ]) {
      const body = Buffer.from(text);
      const headers = senders.salesloft.sign(secrets.salesloft, body, start);
      expect((await world.post('/webhooks/sales', { headers, body, base64: true })).statusCode, text).toBe(202);
    }
    expect(world.jobs).toHaveLength(7);
  });

  it('is believed unsigned where the operator allows it', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const id of ['voice', 'voice-unsigned']) {
      expect((await world.post(`/webhooks/${id}`, { headers, body: '{"call_id":"1"}' })).statusCode).toBe(202);
    }
    expect(world.jobs.map(({ isSigned }) => isSigned)).toEqual([false, false]);
  });

  it('lies in the bucket where it is large, its bytes as they were', async () => {
    const [small, large] = [128 * 1024 - 1_000, 4 * 1024 ** 2].map((size) => `{"a":"${'x'.repeat(size - 8)}"}`);
    for (const text of [small ?? '', large ?? '']) {
      expect((await world.post('/webhooks/sales', fromSalesloft(text))).statusCode).toBe(202);
    }
    const [inMessage, inBucket] = world.jobs;
    expect(inMessage).toMatchObject({ body: small });
    const object = `inbox/sales/${inBucket?.key}`;
    expect(inBucket).toMatchObject({ object });
    expect(inBucket).not.toHaveProperty('body');
    expect([...world.objects]).toEqual([[object, large]]);
  });

  it('never makes a message that SQS refuses for its size, whatever becomes longer on the way', async () => {
    for (const character of ['é', '\u007f', '😀', '\\n', '\\"']) {
      await world.post('/webhooks/sales', fromSalesloft(`{"a":"${character.repeat(60_000)}"}`));
    }
    for (const call of world.queue.commandCalls(SendMessageBatchCommand)) {
      const [entry] = call.args[0].input.Entries ?? [];
      expect(entry?.MessageBody?.length).toBeLessThanOrEqual(128 * 1024);
    }
    expect(world.jobs).toHaveLength(5);
  });
});

describe('while queue or bucket fail', () => {
  const large = fromSalesloft(`{"a":"${'x'.repeat(200_000)}"}`);
  it.each([
    ['the queue throws', fromSalesloft(), () => world.queue.on(SendMessageBatchCommand).rejects(new Error('down'))],
    [
      'the queue refuses in its answer',
      fromSalesloft(),
      () =>
        world.queue.on(SendMessageBatchCommand).resolves({
          Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
          $metadata: {},
        }),
    ],
    ['the bucket throws', large, () => world.bucket.on(PutObjectCommand).rejects(new Error('down'))],
    [
      'the queue throws behind the bucket',
      large,
      () => world.queue.on(SendMessageBatchCommand).rejects(new Error('down')),
    ],
  ])('a delivery is sent back to come again: %s', async (_, post, stop) => {
    stop();
    const answer = await world.post('/webhooks/sales', post);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '15']);
    expect(JSON.parse(answer.body).code).toBe('unavailable');
    expect(world.jobs).toEqual([]);
  });

  it('is in the bucket before a message names it', async () => {
    const order: string[] = [];
    world.bucket.on(PutObjectCommand).callsFake(async () => {
      await new Promise((done) => setImmediate(done));
      order.push('bucket');
      return {};
    });
    world.queue.on(SendMessageBatchCommand).callsFake(() => {
      order.push('queue');
      return {};
    });
    await world.post('/webhooks/sales', large);
    expect(order).toEqual(['bucket', 'queue']);
  });
});

describe('the key of a delivery', () => {
  const texts = fc.string({ maxLength: 8 });
  const deliveries = fc.record({
    connection: texts,
    id: fc.option(texts),
    event: fc.option(texts),
    isSigned: fc.boolean(),
    text: texts,
  });
  type Delivery = Parameters<typeof deliveryKey>[0];
  const identity = ({ connection, id, event, isSigned, text }: Delivery): string =>
    JSON.stringify(id === null ? { connection, isSigned, event, text } : { connection, isSigned, id });

  it('is the same for two deliveries that are one, and for no others', () => {
    void fc.assert(
      fc.property(
        deliveries,
        deliveries,
        fc.constantFrom('id', 'event', 'text', 'connection', 'isSigned', 'none'),
        (one, other, same) => {
          const second = same === 'none' ? other : { ...one, [same]: other[same] };
          expect(deliveryKey(one) === deliveryKey(second)).toBe(identity(one) === identity(second));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('follows the id that Standard Webhooks signs, not the time of an attempt', async () => {
    const attempt = (at: number, text: string) => {
      world.clock.now = at;
      const headers = senders.standard.sign(secrets.standard, Buffer.from(text), at);
      return world.post('/webhooks/support', { headers, body: text });
    };
    await attempt(start, '{"a":1}');
    await attempt(start + 3_600_000, '{"a":1}');
    await world.post('/webhooks/sales', fromSalesloft());
    await world.post('/webhooks/sales', fromSalesloft());
    await world.post('/webhooks/sales', fromSalesloft('{"id":"other"}'));
    const [first, again, ...others] = world.jobs.map(({ key }) => key);
    expect(again).toBe(first);
    expect(others[1]).toBe(others[0]);
    expect(new Set([first, ...others]).size).toBe(3);
  });
});
