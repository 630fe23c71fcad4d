import type { Exceptions } from './judge.ts';

/** A reprocess changes a record, or mends a quarantined one, only where another `normalize` than the one that read it runs. */
const otherNormalize = 'the run has one normalize, with which a reprocess changes nothing';

/** Rights that one machine cannot exercise, each with its reason. One that is used, or not granted, has no place here. */
export const exceptions: Exceptions = {
  'earshot-operations-OperateFunction: s3:PutObject on arn:aws:s3:::earshot-storage-bucket/raw/*': otherNormalize,
  'earshot-operations-OperateFunction: s3:PutObject on arn:aws:s3:::earshot-storage-bucket/transcripts/*':
    otherNormalize,
  'earshot-operations-OperateFunction: s3:DeleteObject on arn:aws:s3:::earshot-storage-bucket/quarantine/*':
    otherNormalize,
  'earshot-operations-OperateFunction: dynamodb:BatchGetItem on dynamodb:table/earshot-storage-Table': otherNormalize,
  'earshot-operations-OperateFunction: dynamodb:DeleteItem on dynamodb:table/earshot-storage-Table if dynamodb:LeadingKeys ForAllValues:StringLike quarantine#*':
    otherNormalize,
};
