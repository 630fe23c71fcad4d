import { createHash } from 'node:crypto';
import type { Item, Table } from './dynalite.ts';
import { itemSize } from './item-value.ts';

/** One entry of a table's stream, in the shape in which AWS Lambda hands it to a function. */
export type StreamRecord = {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    /** seconds */
    ApproximateCreationDateTime: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
  eventSourceARN: string;
  userIdentity?: { type: 'Service'; principalId: 'dynamodb.amazonaws.com' };
};

export type ItemChange = { table: Table; before: Item | null; after: Item | null; expired: boolean };

/** Digits of a sequence number: padded, so that texts sort as the numbers do. AWS gives 21 to 40 digits. */
const sequenceDigits = 21;

export function formatSequence(sequence: number): string {
  return String(sequence).padStart(sequenceDigits, '0');
}

/** The entry of a change, or null for a table without a stream. The event id is the same however often it is read. */
export function streamRecord(change: ItemChange, sequence: string, atMs: number, region: string): StreamRecord | null {
  const { table, before, after, expired } = change;
  const view = table.StreamSpecification?.StreamEnabled ? table.StreamSpecification.StreamViewType : undefined;
  const arn = table.LatestStreamArn;
  if (view === undefined || arn === undefined) return null;
  const keys = keysOf(table, after ?? before ?? {});
  const images = {
    ...(after !== null && (view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { NewImage: after }),
    ...(before !== null && (view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { OldImage: before }),
  };
  return {
    eventID: createHash('md5').update(`${arn}/${sequence}`).digest('hex'),
    eventName: before === null ? 'INSERT' : after === null ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(atMs / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequence,
      SizeBytes: [keys, ...Object.values(images)].reduce((sum, item) => sum + itemSize(item), 0),
      StreamViewType: view,
    },
    eventSourceARN: arn,
    ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

function keysOf(table: Table, item: Item): Item {
  const names = table.KeySchema.map((key) => key.AttributeName);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
