import { randomUUID } from 'node:crypto';
import { account, region } from '../template/arns.ts';

/** The envelope in which EventBridge hands an event to rules and targets. */
export type BusEvent = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601 in whole seconds */
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
};

/** An entry of PutEvents; `Time` in seconds. */
export type EventEntry = {
  Source?: string | undefined;
  DetailType?: string | undefined;
  Detail?: string | undefined;
  EventBusName?: string | undefined;
  Time?: number | undefined;
  Resources?: string[] | undefined;
  TraceHeader?: string | undefined;
};

export type EntryError = { ErrorCode: string; ErrorMessage: string };

/** The event of an entry, or why it is refused alone. `now` in milliseconds. */
export function makeEvent(entry: EventEntry, now: number): BusEvent | EntryError {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage };
    }
  }
  const { Source = '', DetailType = '', Detail = '', Resources = [], Time = now / 1000 } = entry;
  if (Source.startsWith('aws.')) {
    const ErrorMessage = 'Not authorized for the source.';
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage };
  }
  const detail = parseObject(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account,
    time: new Date(Time * 1000).toISOString().replace(/\.\d+/, ''),
    region,
    resources: Resources,
    detail,
  };
}

/** What counts against the size limit of a request. */
export function entryBytes(entry: EventEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time === undefined ? 0 : 14;
  return texts.reduce((sum, text = '') => sum + Buffer.byteLength(text), time);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
