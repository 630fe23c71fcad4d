import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idleCosts } from '#infra/costs/idle.ts';
import { readMeasured, unitsCost } from '#infra/costs/measured.ts';
import { costsPage, totalOf } from '#infra/costs/page.ts';

const written = readFileSync(resolve(import.meta.dirname, '../../docs/costs.md'), 'utf8');
const { page, idle } = costsPage();

it('the page is what the templates and the bench say: npm run costs', () => {
  expect(written).toBe(page);
});

it('four connections cost at most ten dollars a month while nothing happens, at list prices', () => {
  const of = (what: string) => idle.find((line) => line.what === what)?.amount;
  expect(of('secrets')).toBe(6);
  expect(of('dashboard')).toBe(1);
  expect(of('metrics of logs without anything to count')).toBe(0);
  expect(of('schedules')).toBeGreaterThanOrEqual(4 * 8_640);
  expect(totalOf(idle)).toBeLessThanOrEqual(10);
  expect(totalOf(idle)).toBeGreaterThan(5);
});

it('a thousand conversations with a recording each cost cents', () => {
  expect(unitsCost(readMeasured())).toBeLessThan(0.03);
});

describe('the idle month', () => {
  const amounts = (type: string, properties: Record<string, unknown>) =>
    Object.fromEntries(idleCosts([{ type, id: 'One', properties }]).map(({ what, amount }) => [what, amount]));

  it('counts an alarm by its metrics, not by its expressions', () => {
    expect(amounts('AWS::CloudWatch::Alarm', { MetricName: 'Errors' })['alarms']).toBe(1);
    const metrics = [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }];
    expect(amounts('AWS::CloudWatch::Alarm', { Metrics: metrics })['alarms']).toBe(2);
  });

  it('counts a metric that has a value while nothing happens', () => {
    const transformations = { MetricTransformations: [{ MetricName: 'A', DefaultValue: 0 }, { MetricName: 'B' }] };
    expect(amounts('AWS::Logs::MetricFilter', transformations)['metrics of logs without anything to count']).toBe(1);
  });

  it('knows how often a schedule fires, and refuses one that it does not know', () => {
    const firing = (ScheduleExpression: string) =>
      amounts('AWS::Scheduler::Schedule', { ScheduleExpression, Target: { Arn: { 'Fn::GetAtt': ['Poll', 'Arn'] } } })[
        'schedules'
      ];
    expect(
      ['rate(1 minute)', 'rate(5 minutes)', 'rate(2 hours)', 'rate(1 day)', 'cron(0 3 * * ? *)'].map(firing),
    ).toEqual([43_200, 8_640, 360, 30, 30]);
    expect(() => firing('cron(0/5 * * * ? *)')).toThrow('not understood');
  });
});
