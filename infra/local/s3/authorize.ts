import type { Access } from '../access/access.ts';
import { callerOf, denialText } from '../access/caller.ts';
import type { Ask } from '../access/grants.ts';
import { AwsError } from '../aws-error.ts';
import { bucketArn } from '../template/arns.ts';
import { askedOfS3 } from './asked.ts';
import { type Credentials, signerOf, unknownKey, verifyPresigned } from './presigned.ts';
import type { S3Request } from './request.ts';

/** Whoever sent a request, and what it may do. */
export type Caller = {
  /** Throws AccessDenied. */
  require: (asks: readonly Ask[]) => void;
  /** may see which objects there are */
  maySee: (bucket: string) => boolean;
};

export type Authorization = { credentials: Credentials; access: Access | undefined; now: () => number };

/** Throws what S3 answers to somebody it does not know, or whose presigned URL does not hold. */
export function authorize(operation: string, request: S3Request, rules: Authorization): Caller {
  const { credentials, access, now } = rules;
  const isPresigned = request.query.has('X-Amz-Signature');
  const name = isPresigned ? signerOf(request) : callerOf(request.headers.get('authorization'));
  const knows = (signer: string) => access?.knows(signer) ?? signer === credentials.accessKeyId;
  if (isPresigned) verifyPresigned(request, (signer) => (knows(signer) ? credentials.secretAccessKey : null), now());
  else if (!request.headers.get('authorization')) throw new AwsError('AccessDenied', 'Access Denied', 403);
  if (!access) return everybody;
  if (!access.knows(name)) throw unknownKey();
  const caller: Caller = {
    require: (asks) => {
      for (const ask of asks)
        if (!access.may(name, ask)) throw new AwsError('AccessDenied', denialText(name, ask), 403);
    },
    maySee: (bucket) => access.allows(name, { action: 's3:ListBucket', resource: bucketArn(bucket) }),
  };
  caller.require(askedOfS3(operation, request));
  return caller;
}

const everybody: Caller = { require: () => undefined, maySee: () => true };
