import type { S3Request } from './request.ts';

/** `<method> <level> <marker>` to the name in AWS's API. What is not here gets a name made from its parts. */
const names: Record<string, string> = {
  'GET service': 'ListBuckets',
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'DELETE bucket': 'DeleteBucket',
  'GET bucket': 'ListObjects',
  'GET bucket list-type': 'ListObjectsV2',
  'GET bucket uploads': 'ListMultipartUploads',
  'GET bucket versions': 'ListObjectVersions',
  'POST bucket delete': 'DeleteObjects',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'PUT object copy': 'CopyObject',
  'PUT object uploadId': 'UploadPart',
  'PUT object uploadId copy': 'UploadPartCopy',
  'GET object uploadId': 'ListParts',
  'DELETE object uploadId': 'AbortMultipartUpload',
  'POST object uploads': 'CreateMultipartUpload',
  'POST object uploadId': 'CompleteMultipartUpload',
};

const markers = ['uploads', 'uploadId', 'list-type', 'delete'];

/** The operation's name in AWS's API, also of operations that this server refuses: `GetObjectTagging`. */
export function operationName({ method, bucket, key, query, headers }: S3Request): string {
  const level = key ? 'object' : bucket ? 'bucket' : 'service';
  const subresource = [...query].find(([name, value]) => value === '' && !isSetting(name))?.[0];
  const marker = markers.find((name) => query.has(name)) ?? subresource;
  const copy = method === 'PUT' && headers.has('x-amz-copy-source') ? 'copy' : undefined;
  const id = [method, level, marker, copy].filter(Boolean).join(' ');
  return names[id] ?? [method.toLowerCase(), level, marker ?? '', copy ?? ''].map(pascal).join('');
}

/** Parameters that qualify an operation and may be empty, as opposed to those that name one. */
function isSetting(name: string): boolean {
  return /^(x-id|x-amz-.*|prefix|delimiter|.*-marker|start-after|continuation-token|.*-type|response-.*)$/i.test(name);
}

function pascal(text: string): string {
  return text.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
