import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as eb from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalEvents, startEvents } from '#infra/local/events/start-events.ts';
import { functionArn, queueArn } from '#infra/local/template/arns.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const EventBusName = 'earshot';
let dataDir: string;
let now: number;
let server: LocalEvents;
let client: eb.EventBridgeClient;
let delivered: { arn: string; input: unknown }[];
let deliver: (arn: string, input: unknown) => Promise<void>;
let problems: string[];

async function start(): Promise<void> {
  server = await startEvents({
    dataDir,
    now: () => now,
    deliver: (arn, input) => deliver(arn, input),
    report: (problem) => problems.push(problem),
  });
  client = new eb.EventBridgeClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const entry = (DetailType: string, detail: unknown = {}): eb.PutEventsRequestEntry => ({
  EventBusName,
  Source: 'earshot',
  DetailType,
  Detail: JSON.stringify(detail),
});
const put = (...Entries: eb.PutEventsRequestEntry[]) => client.send(new eb.PutEventsCommand({ Entries }));

async function rule(Name: string, pattern: unknown, ...Targets: eb.Target[]): Promise<void> {
  await client.send(new eb.PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
  await client.send(new eb.PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-events-'));
  now = 1_800_000_000_000;
  delivered = [];
  problems = [];
  deliver = async (arn, input) => void delivered.push({ arn, input });
  await start();
  await client.send(new eb.CreateEventBusCommand({ Name: EventBusName }));
});

afterEach(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

describe('events', () => {
  it('reach the targets of the rules that fit, as the whole envelope or a part of it', async () => {
    const queue = { Id: 'queue', Arn: queueArn('work') };
    const part = { Id: 'function', Arn: functionArn('f'), InputPath: '$.detail' };
    await rule('fits', { detail: { n: [{ numeric: ['>', 1] }] } }, queue, part);
    await rule('other', { 'detail-type': ['nothing'] }, queue);
    const { Entries, FailedEntryCount } = await put(entry('a', { n: 2 }), entry('b', { n: 1 }));
    expect(FailedEntryCount).toBe(0);
    await expect.poll(() => delivered).toHaveLength(2);
    const common = { version: '0', account: '000000000000', region: 'us-east-1', resources: [], source: 'earshot' };
    const time = new Date(now).toISOString().replace('.000', '');
    const envelope = { ...common, id: Entries?.[0]?.EventId, time, 'detail-type': 'a', detail: { n: 2 } };
    expect(delivered).toContainEqual({ arn: queueArn('work'), input: envelope });
    expect(delivered).toContainEqual({ arn: functionArn('f'), input: { n: 2 } });
  });

  it('are refused one by one, and the others accepted', async () => {
    const good = entry('good');
    const answer = await put(
      { ...good, Detail: 'no json' },
      good,
      { ...good, Detail: '[1]' },
      { ...good, Source: undefined },
      { ...good, EventBusName: 'nobody' },
    );
    expect(answer.FailedEntryCount).toBe(4);
    const codes = answer.Entries?.map((one) => one.ErrorCode);
    expect(codes).toEqual(['MalformedDetail', undefined, 'MalformedDetail', 'InvalidArgument', 'InvalidArgument']);
    await expect(put(...Array.from({ length: 11 }, () => good))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(entry('big', { text: 'x'.repeat(1_048_576) }))).rejects.toThrow('over the limit');
  });

  it('are told to listeners in order, before the answer', async () => {
    const told: string[] = [];
    server.onEvent(async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      told.push(event['detail-type']);
    });
    await put(entry('1'), entry('2'));
    expect(told).toEqual(['1', '2']);
    await Promise.all([put(entry('3'), entry('4')), put(entry('5'), entry('6'))]);
    expect(told.join('')).toMatch(/^12(3456|5634)$/);
  });

  it('fail the request when a listener does', async () => {
    server.onEvent(() => {
      throw new Error('disk full');
    });
    await rule('all', { source: ['earshot'] }, { Id: 'queue', Arn: queueArn('work') });
    await expect(put(entry('x'))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    expect(delivered).toEqual([]);
  });

  it('wait over a restart for a target that fails', async () => {
    await rule('all', { source: ['earshot'] }, { Id: 'queue', Arn: queueArn('work') });
    let attempts = 0;
    deliver = async () => {
      attempts++;
      throw new Error('no');
    };
    await put(entry('x'));
    await expect.poll(() => attempts).toBe(1);
    await stop();
    deliver = async (arn, input) => void delivered.push({ arn, input });
    await start();
    expect(delivered).toEqual([]);
    now += 1000;
    await put({ ...entry('y'), Source: 'other' }); // anything that makes it look
    await expect.poll(() => delivered).toMatchObject([{ arn: queueArn('work'), input: { 'detail-type': 'x' } }]);
    expect(problems).toEqual([]);
  });

  it('are delivered again when the stop came before the target had them', async () => {
    await rule('all', { source: ['earshot'] }, { Id: 'queue', Arn: queueArn('work') });
    let taken: () => void = () => undefined;
    let begun = false;
    deliver = () =>
      new Promise((resolve) => {
        begun = true;
        taken = resolve;
      });
    await put(entry('x'));
    await expect.poll(() => begun).toBe(true);
    await stop();
    taken();
    deliver = async (arn, input) => void delivered.push({ arn, input });
    await start();
    await expect.poll(() => delivered).toMatchObject([{ input: { 'detail-type': 'x' } }]);
  });

  it('go to the dead-letter queue when the retry policy ends', async () => {
    const RetryPolicy = { MaximumRetryAttempts: 0 };
    const DeadLetterConfig = { Arn: queueArn('dead') };
    await rule('all', { source: ['earshot'] }, { Id: 'q', Arn: queueArn('work'), RetryPolicy, DeadLetterConfig });
    deliver = async (arn, input) => {
      if (arn === queueArn('work')) throw new Error('gone');
      delivered.push({ arn, input });
    };
    await put(entry('x'));
    await expect.poll(() => delivered).toMatchObject([{ arn: queueArn('dead'), input: { 'detail-type': 'x' } }]);
    expect(problems).toEqual(['an event was not delivered to work after 1 attempts: gone']);
  });
});

describe('rules', () => {
  it('are listed, kept over a restart, changed and deleted', async () => {
    await rule('one', { source: ['a'] }, { Id: 't1', Arn: queueArn('q1') }, { Id: 't2', Arn: queueArn('q2') });
    await rule('two', { source: ['b'] }, { Id: 't1', Arn: queueArn('q1') });
    await stop();
    await start();
    const { Rules, NextToken } = await client.send(new eb.ListRulesCommand({ EventBusName, Limit: 1 }));
    expect(Rules).toMatchObject([{ Name: 'one', EventPattern: '{"source":["a"]}', State: 'ENABLED', EventBusName }]);
    const rest = await client.send(new eb.ListRulesCommand({ EventBusName, NextToken }));
    expect(rest.Rules?.map((one) => one.Name)).toEqual(['two']);

    const Rule = 'one';
    const drop = client.send(new eb.DeleteRuleCommand({ Name: Rule, EventBusName }));
    await expect(drop).rejects.toThrow('has targets');
    await client.send(new eb.RemoveTargetsCommand({ Rule, EventBusName, Ids: ['t1'] }));
    const { Targets } = await client.send(new eb.ListTargetsByRuleCommand({ Rule, EventBusName }));
    expect(Targets).toEqual([{ Id: 't2', Arn: queueArn('q2') }]);
    await client.send(new eb.RemoveTargetsCommand({ Rule, EventBusName, Ids: ['t2'] }));
    await client.send(new eb.DeleteRuleCommand({ Name: Rule, EventBusName }));
    expect((await client.send(new eb.ListRulesCommand({ EventBusName }))).Rules).toHaveLength(1);
  });

  it('are refused with a pattern or a bus that is none', async () => {
    const make = (EventPattern: string, bus = EventBusName) =>
      client.send(new eb.PutRuleCommand({ Name: 'r', EventBusName: bus, EventPattern }));
    await expect(make('{"a": 1}')).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
    await expect(make('{"a": [1]}', 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const again = client.send(new eb.CreateEventBusCommand({ Name: EventBusName }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    const bus = await client.send(new eb.DescribeEventBusCommand({ Name: EventBusName }));
    expect(bus.Arn).toBe('arn:aws:events:us-east-1:000000000000:event-bus/earshot');
  });

  it('name what is not supported', async () => {
    const archive = client.send(new eb.ListArchivesCommand({}));
    await expect(archive).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('ListArchives'),
    });
    const InputTransformer = { InputTemplate: '"x"' };
    await expect(rule('r', { source: ['a'] }, { Id: 't', Arn: queueArn('q'), InputTransformer })).rejects.toThrow(
      'parameter Targets.0.InputTransformer',
    );
    const timed = client.send(new eb.PutRuleCommand({ Name: 'r', EventBusName, ScheduleExpression: 'rate(1 minute)' }));
    await expect(timed).rejects.toThrow('ScheduleExpression');
  });
});
