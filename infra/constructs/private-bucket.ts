import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Days after which an upload that was never finished is dropped; a copy that pauses goes on within minutes. */
const unfinishedUploadDays = 7;

type PrivateBucketProps = {
  /** where the bucket's access log goes, under the bucket's own prefix */
  accessLogs?: Bucket;
  /** days after which its objects are deleted; never where absent */
  expireAfterDays?: number;
  /** the same for the objects under some prefixes only */
  expiring?: readonly { prefix: string; afterDays: number }[];
};

/**
 * A bucket that is encrypted, closed to the public, reached over TLS only and kept when its stack is deleted. It keeps
 * no old versions: what is erased must be gone.
 */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, { accessLogs, expireAfterDays, expiring = [] }: PrivateBucketProps = {}) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(accessLogs && { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${id}/` }),
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(unfinishedUploadDays) },
        ...(expireAfterDays === undefined ? [] : [{ expiration: Duration.days(expireAfterDays) }]),
        ...expiring.map(({ prefix, afterDays }) => ({ prefix, expiration: Duration.days(afterDays) })),
      ],
    });
  }
}
