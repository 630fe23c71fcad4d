import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { exampleFile, synthesize } from './synthesized.ts';
import { everything, found } from './whole-app.ts';

const templates = synthesize();
const { alarms } = templates;
const [sales] = exampleFile.connections;

const alarmsOf = (template: typeof alarms) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((one) => one['Properties']);
const namesOf = (template: typeof alarms): string[] => alarmsOf(template).map(({ AlarmName }) => AlarmName);

describe('alarms', () => {
  it('go off at the first where nothing else is said, are silent without data, and reach the topic', () => {
    const [topic] = Object.keys(alarms.findResources('AWS::SNS::Topic'));
    for (const alarm of alarmsOf(alarms)) {
      const waits = alarm.AlarmName.endsWith('-waits');
      expect(alarm).toMatchObject({
        Threshold: waits ? 21_600 : 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: topic }],
        AlarmName: expect.stringMatching(/^earshot-/),
      });
    }
    alarms.hasOutput('AlarmTopic', { Value: { Ref: topic } });
    alarms.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('hold no other stack back', () => {
    expect(JSON.stringify(alarms.toJSON())).not.toContain('Fn::ImportValue');
  });

  it('have names of their own, also beside those of other stacks', () => {
    const names = found('AWS::CloudWatch::Alarm').map(({ properties }) => properties['AlarmName']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave out who is paused, who wants no media and who has no webhook', () => {
    const quiet = synthesize({ connections: [{ ...sales, paused: true, media: false }] });
    expect(namesOf(quiet.alarms).filter((name) => /media|inbox|files|webhook/.test(name))).toEqual([]);
    expect(namesOf(quiet.ingestion)).toEqual([]);
    expect(namesOf(quiet.webhooks)).toEqual([]);
    const hooked = synthesize({ connections: [{ ...sales, webhook: { secrets: [{ secret: 'earshot/hook' }] } }] });
    expect(namesOf(hooked.alarms)).toEqual(
      expect.arrayContaining([
        'earshot-inbox-salesloft-dead',
        'earshot-inbox-salesloft-waits',
        'earshot-webhooks-refused',
      ]),
    );
    expect(namesOf(hooked.webhooks)).toEqual(['earshot-webhooks-failing', 'earshot-webhooks-throttled']);
  });

  it('wait for three times the shortest interval of a provider, and for as long as CloudWatch can look back', () => {
    const missed = (every: readonly string[]) =>
      alarmsOf(
        synthesize({ connections: every.map((each, i) => ({ ...sales, id: `sales-${i}`, every: each })) }).ingestion,
      ).map(({ Period, EvaluationPeriods }) => [Period, EvaluationPeriods]);
    expect(missed(['1m', '2h'])).toEqual([[300, 3]]);
    expect(missed(['2h', '400s', '1d'])).toEqual([[420, 3]]);
    expect(missed(['1d'])).toEqual([[86_400, 3]]);
    expect(missed(['2d'])).toEqual([[86_400, 6]]);
    expect(missed(['3d'])).toEqual([]);
  });
});

describe('metrics made of logs', () => {
  const filters = found('AWS::Logs::MetricFilter').map(({ properties }) => properties);

  it('have no dimension and no value for what did not happen: either is a metric that costs all month', () => {
    expect(filters.length).toBeGreaterThan(30);
    for (const { MetricTransformations } of filters) {
      expect(MetricTransformations).toEqual([
        {
          ...{ MetricNamespace: 'earshot', MetricName: expect.any(String) },
          MetricValue: expect.stringMatching(/^(1|\$\.\w+Count)$/),
        },
      ]);
    }
  });

  it('have an alarm each, and each such alarm a metric', () => {
    const made = filters.flatMap(({ MetricTransformations }) => MetricTransformations);
    const names = new Set(made.map((one) => (one as { MetricName: string }).MetricName));
    const watched = found('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties['Namespace'] === 'earshot')
      .map(({ properties }) => properties['MetricName']);
    expect(watched.toSorted()).toEqual([...names].toSorted());
  });
});

describe('beside the alarms', () => {
  it('there is a budget that tells the topic, and none where nobody wants one', () => {
    const [topic] = Object.keys(alarms.findResources('AWS::SNS::Topic'));
    alarms.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetName: 'earshot-monthly-budget', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 50, Unit: 'USD' } },
      NotificationsWithSubscribers: Match.arrayWith([
        {
          Notification: {
            ...{ NotificationType: 'ACTUAL', Threshold: 100 },
            ...{ ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' },
          },
          Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: topic } }],
        },
      ]),
    });
    synthesize(exampleFile, { monthlyBudget: 0 }).alarms.resourceCountIs('AWS::Budgets::Budget', 0);
  });

  it('there is one dashboard, of everything that is counted', () => {
    const [dashboard, ...more] = found('AWS::CloudWatch::Dashboard');
    expect(more).toEqual([]);
    const body = JSON.stringify(dashboard?.properties['DashboardBody']);
    for (const { properties } of found('AWS::Logs::MetricFilter')) {
      const [made] = properties['MetricTransformations'] as { MetricName: string }[];
      expect(body).toContain(made?.MetricName);
    }
    for (const { properties } of everything.filter(({ type }) => type === 'AWS::SQS::Queue')) {
      expect(body).toContain(properties['QueueName']);
    }
  });
});
