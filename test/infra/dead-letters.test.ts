import { describe, expect, it } from 'vitest';
import { found as all, everything, type Found, has, watching, where } from './whole-app.ts';

const queues = all('AWS::SQS::Queue');
const sources = all('AWS::Lambda::EventSourceMapping');
const alarms = all('AWS::CloudWatch::Alarm');
const functions = all('AWS::Lambda::Function');
const isDeadLetters = (queue: Found): boolean =>
  everything.some(({ stack, properties }) => {
    const keeps = [properties['RedrivePolicy'], properties['DeadLetterConfig'], properties['Targets']];
    return stack === queue.stack && has(keeps, `"Fn::GetAtt":["${queue.id}","Arn"]`);
  });

describe('wherever work can fail', () => {
  it('there is something to look at', () => {
    expect(queues.length).toBeGreaterThan(10);
    expect(sources.length).toBeGreaterThan(6);
  });

  it('each queue has dead letters, or is where dead letters lie', () => {
    const without = queues.filter((queue) => !queue.properties['RedrivePolicy'] && !isDeadLetters(queue));
    expect(without.map(where)).toEqual([]);
  });

  it('each queue of dead letters has an alarm, and each such alarm its queue', () => {
    const dead = queues.filter(isDeadLetters).map(({ properties }) => String(properties['QueueName']));
    expect(dead.filter((name) => watching('ApproximateNumberOfMessagesVisible', name).length !== 1)).toEqual([]);
    const watched = alarms.filter(({ properties }) => has(properties['MetricName'], 'ApproximateNumber'));
    const idle = watched.filter(({ properties }) => !dead.some((name) => has(properties['Dimensions'], `"${name}"`)));
    expect(idle.map(where)).toEqual([]);
  });

  it('each function that is fed by a queue says which messages failed; the queue does the rest', () => {
    for (const source of sources.filter(({ properties }) => !has(properties['EventSourceArn'], 'Stream'))) {
      expect(source.properties['FunctionResponseTypes'], where(source)).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('each reader of the stream keeps what it fails with, and has alarms for that, for what it could not keep and for its lateness', () => {
    const readers = sources.filter(({ properties }) => has(properties['EventSourceArn'], 'Stream'));
    expect(readers).toHaveLength(2);
    for (const reader of readers) {
      expect(reader.properties, where(reader)).toMatchObject({
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
        MetricsConfig: { Metrics: ['EventCount'] },
      });
      expect(watching('OnFailureDestinationDeliveredEventCount', reader.id), where(reader)).toHaveLength(1);
      const name = reader.properties['FunctionName'];
      const lambda = functions.find(({ id }) => has(name, `"${id}"`));
      for (const metric of ['DestinationDeliveryFailures', 'IteratorAge']) {
        expect(watching(metric, lambda?.id ?? ''), `${metric} ${where(reader)}`).toHaveLength(1);
      }
    }
  });

  it('each rule’s target has dead letters', () => {
    const targets = all('AWS::Events::Rule').flatMap(({ properties }) => properties['Targets'] ?? []);
    expect(targets.filter((target) => !has(target, 'DeadLetterConfig'))).toEqual([]);
  });

  it('each queue of work but those of copies has an alarm where nobody reads it', () => {
    const working = queues
      .filter((queue) => !isDeadLetters(queue))
      .map(({ properties }) => String(properties['QueueName']));
    const unwatched = working.filter((name) => watching('ApproximateAgeOfOldestMessage', name).length !== 1);
    expect(unwatched.filter((name) => !name.startsWith('earshot-media-'))).toEqual([]);
  });

  it('each scheduled function has an alarm where it is not started: what a missed tick would have done, the next does', () => {
    const schedules = all('AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThan(4);
    for (const schedule of schedules) {
      const called = functions.find(({ id }) => has(schedule.properties['Target'], `"${id}"`));
      const [alarm, ...more] = watching('Invocations', called?.id ?? '');
      expect(more, where(schedule)).toEqual([]);
      expect(alarm?.properties, where(schedule)).toMatchObject({
        ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', Threshold: 1 },
        // Three starts that did not come, which of the polls is a quarter of an hour.
        ...(schedule.properties['ScheduleExpression'] === 'rate(5 minutes)' && { Period: 300 }),
        EvaluationPeriods: 3,
      });
    }
  });

  it('each function behind an address has alarms for faults of ours and for callers sent away', () => {
    const addresses = all('AWS::Lambda::Url');
    expect(addresses).toHaveLength(2);
    for (const { properties, ...address } of addresses) {
      const called = functions.find(({ id }) => has(properties['TargetFunctionArn'], `"${id}"`));
      for (const metric of ['Url5xxCount', 'Throttles']) {
        expect(watching(metric, called?.id ?? ''), `${metric} ${where({ properties, ...address })}`).toHaveLength(1);
      }
    }
  });

  it('each function counts the invocations that Lambda ended, each poll those that failed, and an alarm looks at both', () => {
    const filters = all('AWS::Logs::MetricFilter');
    const logOf = ({ properties }: Found) =>
      JSON.stringify(properties['LoggingConfig'])
        .slice(2)
        .match(/"Ref":"(\w+)"/)?.[1];
    const counting = (metric: string) =>
      filters.filter(({ properties }) => has(properties['MetricTransformations'], `"${metric}"`));
    for (const one of functions) {
      const log = `"${logOf(one)}"`;
      const [crashed] = counting('FunctionsCrashed').filter(({ properties }) => has(properties['LogGroupName'], log));
      expect(crashed?.properties['FilterPattern'], where(one)).toContain('?"Task timed out" ?"Runtime exited"');
    }
    for (const metric of ['FunctionsCrashed', 'RunsFailed', 'RunsDegraded']) {
      expect(alarms.filter(({ properties }) => properties['MetricName'] === metric)).toHaveLength(1);
    }
    expect(counting('RunsFailed').length).toBeGreaterThanOrEqual(5);
  });

  it('the table has an alarm for what it refuses', () => {
    const [table] = all('AWS::DynamoDB::GlobalTable');
    for (const metric of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      expect(watching(metric, table?.id ?? '')).toHaveLength(1);
    }
  });

  it('each alarm tells somebody, and one on dead letters says which redrive sends the work again', () => {
    for (const { properties, ...found } of alarms) {
      expect(properties['AlarmActions'], where({ properties, ...found })).toHaveLength(1);
    }
    const kinds = alarms.flatMap(({ properties }) => {
      const [, kind] = /POST \/v1\/redrives \{"kind":"([a-z]+)"\}/.exec(String(properties['AlarmDescription'])) ?? [];
      return kind ?? [];
    });
    expect([...new Set(kinds)].toSorted()).toEqual(['inbox', 'media', 'operations', 'participants', 'publish']);
    const dead = alarms.filter(({ properties }) => String(properties['AlarmName']).endsWith('-dead'));
    expect(kinds).toHaveLength(dead.length);
  });
});
