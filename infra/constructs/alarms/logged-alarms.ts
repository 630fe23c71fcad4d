import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { loggedMetric, type Signal } from '../logged-metrics.ts';
import { type Watching, watch } from './watch.ts';

type LoggedAlarm = { signal: Signal; alarm: string; impact: string; period: Duration; threshold?: number };

/**
 * Alarms on what the functions' logs count. A new one is an entry here, with its signal in ../logged-metrics.ts, its name
 * where the function is made (`countLogged`), and a section of its name in docs/runbook.md.
 */
const always: readonly LoggedAlarm[] = [
  {
    signal: 'degraded',
    alarm: 'connections-degraded',
    impact:
      'A connection is not being read: its newest conversations are missing until a run succeeds. GET /v1/connections says which one, why and what to do.',
    period: Duration.hours(1),
  },
  {
    signal: 'silent',
    alarm: 'connections-silent',
    impact:
      'Nothing has come from a connection for four hours, though the same hours of the last weeks had conversations: they may be missing without any error. GET /v1/connections says which one and since when.',
    period: Duration.hours(1),
  },
  {
    signal: 'failed',
    alarm: 'runs-failed',
    impact:
      'Scheduled runs ended with an error of ours before they read anything: what they would have done waits for the next. The log of the function says why.',
    period: Duration.minutes(15),
  },
  {
    signal: 'crashed',
    alarm: 'functions-crashed',
    impact:
      'Lambda ended invocations that ran out of time or memory or could not start: their work comes again, and never gets done if that goes on. Lambda wrote it into the log of the function.',
    period: Duration.minutes(15),
  },
  {
    signal: 'overdue',
    alarm: 'artifacts-overdue',
    impact:
      'Transcripts, files or other parts of conversations did not come by the last offset of recheck: they are asked for once a day for a week and then given up. The log lines with overdueCount name the connections.',
    period: Duration.hours(1),
  },
  {
    signal: 'quarantined',
    alarm: 'records-quarantined',
    impact:
      'Records of a provider could not be understood: they are kept as they came, and nobody finds them by lookup until they are read again. GET /v1/quarantine names them.',
    period: Duration.hours(1),
  },
  {
    signal: 'gapsLeft',
    alarm: 'gaps-stay',
    impact:
      'A provider lists conversations of closed hours that are not here, and did not give them when it was asked: they are missing. GET /v1/audit names them.',
    period: Duration.hours(1),
  },
  {
    signal: 'restless',
    alarm: 'conversations-restless',
    impact:
      'Conversations had more than twenty versions within a day: each has at most one an hour now, so what is shown of them may be an hour old. The log lines with restlessCount name them, once a day.',
    period: Duration.hours(1),
  },
];

const withMedia: readonly LoggedAlarm[] = [
  {
    signal: 'notCopied',
    alarm: 'files-not-copied',
    impact:
      'Files were refused, too large or damaged and will not be copied: their conversations stay without them. The artifact of each says why.',
    period: Duration.hours(1),
  },
];

/** A few refusals in five minutes are a stranger at the door, so many one who should be let in. */
const withWebhooks: readonly LoggedAlarm[] = [
  {
    signal: 'refused',
    alarm: 'webhooks-refused',
    impact:
      'Webhooks were refused because their signature is missing, wrong or not of this time: what they told of comes with the next poll, late. The log of the webhook function says of which connection.',
    period: Duration.minutes(5),
    threshold: 10,
  },
];

export function alarmAtLogged(scope: Construct, watching: Watching, has: { media: boolean; webhooks: boolean }): void {
  const wanted = [...always, ...(has.media ? withMedia : []), ...(has.webhooks ? withWebhooks : [])];
  for (const { signal, period, ...about } of wanted) {
    watch(scope, watching, {
      ...about,
      section: about.alarm,
      metric: loggedMetric(watching.name, signal, period),
    });
  }
}
