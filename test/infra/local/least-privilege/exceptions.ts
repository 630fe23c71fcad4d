import type { Exceptions } from './judge.ts';

const otherNormalize =
  'a reprocess changes something where another normalize runs than the one that read it; the run has one';
const erasedMeanwhile = 'a conversation is erased between the put of its transcript and the put of its version';
const atOnce = 'an erasure is cancelled before it has begun, which takes less than a second';
const days = 'books that are older than the run';

/** Rights that one machine does not exercise, each with its reason. One that is used, or not granted, has no place here. */
export const exceptions: Exceptions = {
  'earshot-operations-OperateFunction: s3:PutObject on arn:aws:s3:::earshot-storage-bucket/transcripts/*':
    otherNormalize,
  'earshot-ingestion-<provider>pollFunction: s3:DeleteObject on arn:aws:s3:::earshot-storage-bucket/transcripts/*':
    erasedMeanwhile,
  'earshot-media-<provider>mediaFunction: s3:DeleteObject on arn:aws:s3:::earshot-storage-bucket/transcripts/*':
    erasedMeanwhile,
  'earshot-webhooks-<provider>ingestFunction: s3:DeleteObject on arn:aws:s3:::earshot-storage-bucket/transcripts/*':
    erasedMeanwhile,
  'earshot-operations-OperateFunction: s3:PutObject on arn:aws:s3:::earshot-storage-bucket/ledger/*': days,
  'earshot-api-LookupFunction: s3:GetObject on arn:aws:s3:::earshot-storage-bucket/ledger/*': days,
  'earshot-api-LookupFunction: s3:DeleteObject on arn:aws:s3:::earshot-storage-bucket/erasures/*': atOnce,
};
