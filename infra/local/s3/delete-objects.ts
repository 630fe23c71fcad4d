import { AwsError, notSupported } from '../aws-error.ts';
import { objectArn } from './asked.ts';
import type { Caller } from './authorize.ts';
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

export const deleteObjects: S3Operation = async (request, { store, caller }) => {
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
  const quiet = childText(root, 'Quiet') === 'true';
  const outcomes = keys.flatMap((key): Element[] => {
    if (key === undefined) return [];
    const refusal = refusalOf(caller, bucket, key);
    if (refusal) return [refusal];
    store.remove(bucket, key, () => undefined);
    return quiet ? [] : [['Deleted', [['Key', key]]]];
  });
  return { status: 200, xml: document('DeleteResult', outcomes) };
};

/** Each key is judged by itself: the answer names those that were not deleted. */
function refusalOf({ require }: Caller, bucket: string, key: string): Element | undefined {
  try {
    require([{ action: 's3:DeleteObject', resource: objectArn(bucket, key) }]);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return [
      'Error',
      [
        ['Key', key],
        ['Code', error.code],
        ['Message', error.message],
      ],
    ];
  }
}
