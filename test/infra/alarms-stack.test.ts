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
    expect(named).toEqual(['earshot-media-salesloft-dead', 'earshot-media-talkdesk-dead']);
    for (const QueueName of named) media.hasResourceProperties('AWS::SQS::Queue', { QueueName });
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

  it('leave out who is paused and who wants no media', () => {
    const quiet = synthesize({ connections: [{ ...sales, paused: true, media: false }] }).alarms;
    quiet.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('are one a connection, for 200 of them, within what CloudFormation takes', () => {
    for (const [part, template] of Object.entries(synthesize({ connections: manyConnections(200) }))) {
      expect(Object.keys(template.toJSON()['Resources']).length, part).toBeLessThan(450);
      expect(JSON.stringify(template.toJSON()).length, part).toBeLessThan(1_000_000);
      if (part === 'alarms') template.resourceCountIs('AWS::CloudWatch::Alarm', 202);
    }
  });
});
