import { AwsError, notSupported } from '../aws-error.ts';
import { receiveDocument } from './receive-body.ts';
import type { S3Operation } from './s3-operation.ts';
import { parseXml } from './xml.ts';

/** Creating one's own bucket again succeeds, as it does in us-east-1, so a restart needs no special case. */
export const createBucket: S3Operation = async (request, { store }) => {
  const { bucket } = request;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  }
  const settings = parseXml(await receiveDocument(request))?.children ?? [];
  const unknown = settings.find((setting) => setting.name !== 'LocationConstraint');
  if (unknown) throw notSupported(`S3 CreateBucket with ${unknown.name}`);
  store.createBucket(bucket);
  return { status: 200, headers: { location: `/${bucket}` } };
};

export const headBucket: S3Operation = ({ bucket }, { store }) => {
  store.requireBucket(bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': 'us-east-1' } };
};
