import { AwsError, notSupported } from '../aws-error.ts';
import { checkWrite } from './conditions.ts';
import { receiveDocument } from './receive-body.ts';
import type { S3Operation } from './s3-operation.ts';
import { childText, document, type Element, parseXml } from './xml.ts';

const maxKeys = 1000;

/** Deleting what is not there succeeds. */
export const deleteObject: S3Operation = ({ bucket, key, headers }, { store }) => {
  store.requireBucket(bucket);
  if (headers.has('if-none-match')) throw notSupported('S3 If-None-Match on DeleteObject');
  store.remove(bucket, key, (current) => checkWrite(headers, current));
  return { status: 204 };
};

export const deleteObjects: S3Operation = async (request, { store }) => {
  const { bucket } = request;
  store.requireBucket(bucket);
  const root = parseXml(await receiveDocument(request));
  const objects = root?.children.filter((child) => child.name === 'Object') ?? [];
  const keys = objects.map((object) => childText(object, 'Key'));
  if (root?.name !== 'Delete' || keys.length === 0 || keys.length > maxKeys || keys.includes(undefined)) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate');
  }
  const unknown = objects.flatMap((object) => object.children).find((child) => child.name !== 'Key');
  if (unknown) throw notSupported(`S3 DeleteObjects with ${unknown.name}`);
  const deleted: Element[] = [];
  for (const key of keys) {
    if (key === undefined) continue;
    store.remove(bucket, key, () => undefined);
    deleted.push(['Deleted', [['Key', key]]]);
  }
  const quiet = childText(root, 'Quiet') === 'true';
  return { status: 200, xml: document('DeleteResult', quiet ? [] : deleted) };
};
