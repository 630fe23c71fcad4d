import * as z from 'zod';
import { costOf, type Priced } from './prices.ts';

/** A resource of a synthesized template, in whichever stack. */
export type Resource = { type: string; id: string; properties: Readonly<Record<string, unknown>> };

/** One line of what a month costs while the providers have nothing new. */
export type IdleLine = { what: string; priced: Priced; amount: number; dollars: number };

const daysAMonth = 30;
const minutesAMonth = daysAMonth * 24 * 60;

/**
 * What a template does not say. Lambda reads an empty queue with five requests at one time, of which each waits for 20 s, and with
 * no more than the `MaximumConcurrency` of the mapping; that it keeps to the latter while idle AWS writes nowhere
 * (`dearest` counts five). A run that finds nothing asks its provider once or twice.
 */
const assumed = {
  receivers: 5,
  receivesAMinute: 3,
  secondsOfRun: 1,
  bytesOfLog: 1_500,
  /** lease taken and given back, checkpoint and budget, of one stream and a quarter */
  writeUnits: 5,
  readUnits: 4,
  /** reads of secrets and uses of the table's key: once a run, as if nothing were kept between two */
  secretReads: 1,
  keyUses: 1,
};

/** What an app costs while nothing happens: from its templates' resources, at list prices. */
export function idleCosts(resources: readonly Resource[], { dearest = false } = {}): IdleLine[] {
  const of = (type: string) => resources.filter((one) => one.type === type);
  const runs = of('AWS::Scheduler::Schedule').map((schedule) => runsOf(schedule, of('AWS::Lambda::Function')));
  const times = runs.reduce((sum, { aMonth }) => sum + aMonth, 0);
  const gigabyteSeconds = runs.reduce((sum, { aMonth, gigabytes }) => sum + aMonth * gigabytes, 0);
  const receivers = sum(of('AWS::Lambda::EventSourceMapping').map((one) => receiversOf(one, dearest)));
  const lines: Omit<IdleLine, 'dollars'>[] = [
    { what: 'dashboard', priced: 'dashboard', amount: of('AWS::CloudWatch::Dashboard').length },
    { what: 'alarms', priced: 'alarm', amount: sum(of('AWS::CloudWatch::Alarm').map(metricsOf)) },
    {
      what: 'metrics of logs without anything to count',
      priced: 'metric',
      amount: sum(of('AWS::Logs::MetricFilter').map(idleMetricsOf)),
    },
    { what: 'secrets', priced: 'secret', amount: secretsOf(resources) },
    {
      what: 'queues that Lambda asks for messages',
      priced: 'message',
      amount: receivers * assumed.receivesAMinute * minutesAMonth,
    },
    { what: 'schedules', priced: 'schedule', amount: times },
    { what: 'runs', priced: 'invocation', amount: times },
    { what: 'time of the runs', priced: 'gigabyteSecond', amount: gigabyteSeconds * assumed.secondsOfRun },
    { what: 'leases, checkpoints, budgets', priced: 'writeUnit', amount: times * assumed.writeUnits },
    { what: 'what the runs read', priced: 'readUnit', amount: times * assumed.readUnits },
    { what: 'log lines of the runs', priced: 'logged', amount: (times * assumed.bytesOfLog) / 1e9 },
    { what: 'secrets read by the runs', priced: 'secretRead', amount: times * assumed.secretReads },
    { what: 'uses of the key of the table', priced: 'keyUse', amount: times * assumed.keyUses },
  ];
  return lines.map((line) => ({ ...line, dollars: costOf(line.priced, line.amount) }));
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

const mappingSchema = z.object({ ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional() });

/** How many requests wait at one time for messages; none for a mapping that reads a stream, which is free. */
function receiversOf({ properties }: Resource, dearest: boolean): number {
  const most = mappingSchema.parse(properties).ScalingConfig?.MaximumConcurrency ?? 0;
  return dearest && most > 0 ? assumed.receivers : Math.min(assumed.receivers, most);
}

const alarmSchema = z.object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() });

/** An alarm is billed for each metric that it looks at; an expression is none. */
function metricsOf({ properties }: Resource): number {
  const { Metrics: metrics } = alarmSchema.parse(properties);
  return metrics ? metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1;
}

const filterSchema = z.object({
  MetricTransformations: z.array(z.object({ DefaultValue: z.unknown().optional() })),
});

/** Only a default value makes data where no line matches. */
const idleMetricsOf = ({ properties }: Resource): number =>
  filterSchema.parse(properties).MetricTransformations.filter(({ DefaultValue }) => DefaultValue !== undefined).length;

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  Target: z.object({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }) }),
});
const units: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

/** How often a schedule fires in a month, and the memory of what it starts. Throws TypeError for an expression it does not know. */
function runsOf({ properties }: Resource, functions: readonly Resource[]): { aMonth: number; gigabytes: number } {
  const { ScheduleExpression, Target } = scheduleSchema.parse(properties);
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
  const daily = /^cron\(\d+ \d+ \* \* \? \*\)$/.test(ScheduleExpression);
  if (!count && !daily) throw new TypeError(`not understood: ${ScheduleExpression}`);
  const minutes = count ? Number(count) * (units[unit] ?? Number.NaN) : (units['day'] ?? Number.NaN);
  const called = functions.find(({ id }) => id === Target.Arn['Fn::GetAtt'][0]);
  return { aMonth: minutesAMonth / minutes, gigabytes: Number(called?.properties['MemorySize']) / 1_024 };
}

/** Those that the app makes, and those that somebody makes for it: each is named in a right to read it. */
function secretsOf(resources: readonly Resource[]): number {
  const made = resources.filter(({ type }) => type === 'AWS::SecretsManager::Secret').length;
  const policies = resources.filter(({ type }) => type === 'AWS::IAM::ManagedPolicy');
  const named = JSON.stringify(policies.map(({ properties }) => properties['PolicyDocument'])).matchAll(
    /:secret:([^"]+)-\?{6}"/g,
  );
  return made + new Set([...named].map(([, name]) => name)).size;
}
