import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { exampleFile, manyConnections, synthesize } from './synthesized.ts';

const { alarms, ingestion, media } = synthesize();
const [sales] = exampleFile.connections;

const alarmsOf = (template: typeof alarms) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((found) => found['Properties']);

describe('alarms', () => {
  it('tell of each connection with overdue artifacts, by the metric that the logs of polls and copies make', () => {
    const filters = [ingestion, media].flatMap((template) =>
      Object.values(template.findResources('AWS::Logs::MetricFilter')).map((found) => found['Properties']),
    );
    expect(filters).toHaveLength(4);
    const overdue = alarmsOf(alarms).filter(({ Namespace }) => Namespace === 'earshot');
    expect(overdue.map(({ Dimensions }) => Dimensions)).toEqual(
      ['sales-us', 'sales-eu', 'support'].map((Value) => [{ Name: 'Connection', Value }]),
    );
    for (const { FilterPattern, MetricTransformations } of filters) {
      expect(FilterPattern).toBe('{ $.overdueCount > 0 }');
      expect(MetricTransformations).toEqual([
        {
          MetricNamespace: overdue[0].Namespace,
          MetricName: overdue[0].MetricName,
          MetricValue: '$.overdueCount',
          Dimensions: [{ Key: 'Connection', Value: '$.connection' }],
        },
      ]);
    }
  });

  it('tell of copies that failed for good, by the queue that keeps them', () => {
    const dead = alarmsOf(alarms).filter(({ Namespace }) => Namespace === 'AWS/SQS');
    const named = dead.map(({ Dimensions }) => Dimensions[0].Value);
    expect(named).toEqual(['earshot-media-salesloft-dead', 'earshot-media-talkdesk-dead', 'earshot-operations-dead']);
    for (const { MetricName } of dead) expect(MetricName).toBe('ApproximateNumberOfMessagesVisible');
  });

  it('go off at the first, are silent without data, say what is wrong, and reach the topic', () => {
    const [topic] = Object.keys(alarms.findResources('AWS::SNS::Topic'));
    for (const alarm of alarmsOf(alarms)) {
      expect(alarm).toMatchObject({
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: topic }],
        AlarmName: expect.stringMatching(/^earshot-/),
      });
      expect(alarm.AlarmDescription.length).toBeGreaterThan(60);
    }
    alarms.hasOutput('AlarmTopic', { Value: { Ref: topic } });
    alarms.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('hold no other stack back', () => {
    expect(JSON.stringify(alarms.toJSON())).not.toContain('Fn::ImportValue');
  });

  it('leave out who is paused, who wants no media and who has no webhook', () => {
    const quiet = synthesize({ connections: [{ ...sales, paused: true, media: false }] }).alarms;
    expect(alarmsOf(quiet).map(({ AlarmName }) => AlarmName)).toEqual(['earshot-operations-dead']);
    const hooked = synthesize({ connections: [{ ...sales, webhook: { secrets: [{ secret: 'earshot/hook' }] } }] });
    expect(alarmsOf(hooked.alarms).map(({ AlarmName }) => AlarmName)).toEqual(
      expect.arrayContaining([
        'earshot-inbox-salesloft-dead',
        'earshot-webhooks-refused',
        'earshot-webhooks-unavailable',
      ]),
    );
  });

  it('tell of webhooks that were refused, by the metric that the log of their function makes', () => {
    const { alarms: told, webhooks } = synthesize({
      connections: [{ ...sales, webhook: { secrets: [{ secret: 'earshot/hook' }] } }],
    });
    const [filter] = Object.values(webhooks.findResources('AWS::Logs::MetricFilter'))
      .flatMap((found) => found['Properties'].MetricTransformations)
      .filter(({ MetricName }) => MetricName === 'WebhooksRefused');
    const [refused] = alarmsOf(told).filter(({ AlarmName }) => AlarmName === 'earshot-webhooks-refused');
    const metrics = refused.Metrics.flatMap(({ MetricStat }: { MetricStat?: unknown }) => MetricStat ?? []);
    expect(metrics).toEqual(
      ['signature', 'unsigned', 'time'].map((Value) => ({
        Metric: {
          Namespace: filter.MetricNamespace,
          MetricName: filter.MetricName,
          Dimensions: [{ Name: filter.Dimensions[0].Key, Value }],
        },
        Period: 300,
        Stat: 'Sum',
      })),
    );
    expect(refused.Threshold).toBe(10);
    const [failed] = alarmsOf(told).filter(({ AlarmName }) => AlarmName === 'earshot-webhooks-unavailable');
    expect(failed).toMatchObject({ MetricName: filter.MetricName, Threshold: 1 });
  });

  it('tell of polls that could not be started, by the group of their schedules', () => {
    const missed = alarmsOf(alarms).filter(({ Namespace }) => Namespace === 'AWS/Scheduler');
    expect(missed.map(({ Dimensions }) => Dimensions)).toEqual(
      ['earshot-salesloft', 'earshot-talkdesk'].map((Value) => [{ Name: 'ScheduleGroup', Value }]),
    );
    const groups = Object.values(ingestion.findResources('AWS::Scheduler::ScheduleGroup'));
    expect(groups.map((found) => found['Properties'].Name)).toEqual(['earshot-salesloft', 'earshot-talkdesk']);
  });

  it('are one a connection, for 200 of them, within what CloudFormation takes', () => {
    for (const [part, template] of Object.entries(synthesize({ connections: manyConnections(200) }))) {
      expect(Object.keys(template.toJSON()['Resources']).length, part).toBeLessThan(450);
      expect(JSON.stringify(template.toJSON()).length, part).toBeLessThan(1_000_000);
      // One a connection, and two media queues, the operations and the schedules of two providers.
      if (part === 'alarms') template.resourceCountIs('AWS::CloudWatch::Alarm', 205);
    }
  });
});
