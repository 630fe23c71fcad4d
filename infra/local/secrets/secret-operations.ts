import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { AwsError, notSupported } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import {
  type Secret,
  type SecretStore,
  type SecretValue,
  type SecretVersion,
  secretArn,
  withValue,
} from './secret-store.ts';

const maxValueBytes = 65_536;
const maxPerPage = 100;

const value = {
  SecretString: z.string().optional(),
  SecretBinary: z.base64().optional(),
  ClientRequestToken: z.string().min(32).max(64).optional(),
};
const id = { SecretId: z.string().min(1) };

/** Operations of the embedded Secrets Manager. */
export function secretOperations(store: SecretStore, now: () => number): Record<string, JsonOperation> {
  return {
    CreateSecret: operation(
      z.strictObject({ ...value, Name: z.string().regex(/^[\w/+=.@-]{1,512}$/), Description: z.string().optional() }),
      ({ Name, Description, ClientRequestToken = randomUUID(), ...given }) => {
        const version = newVersion(given, ClientRequestToken, now());
        const present = store.find(Name);
        if (present && !(version && isRepeated(present, version))) {
          throw new AwsError(
            'ResourceExistsException',
            `The operation failed because the secret ${Name} already exists.`,
          );
        }
        if (!present) {
          const at = now();
          const empty = { name: Name, description: Description, created: at, changed: at };
          const secret = { ...empty, current: undefined, previous: undefined };
          store.save(version ? withValue(secret, version) : secret);
        }
        return { ARN: secretArn(Name), Name, VersionId: version?.id };
      },
    ),
    PutSecretValue: operation(
      z.strictObject({ ...value, ...id, VersionStages: z.array(z.string()).optional() }),
      ({ SecretId, VersionStages = ['AWSCURRENT'], ClientRequestToken = randomUUID(), ...given }) => {
        if (!isDeepStrictEqual(VersionStages, ['AWSCURRENT']))
          throw notSupported('a Secrets Manager stage of one’s own');
        const secret = requireSecret(store, SecretId);
        const version = newVersion(given, ClientRequestToken, now());
        if (!version)
          throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
        if (!isRepeated(secret, version)) store.save(withValue(secret, version));
        return { ARN: secretArn(secret.name), Name: secret.name, VersionId: version.id, VersionStages };
      },
    ),
    GetSecretValue: operation(
      z.strictObject({ ...id, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
      ({ SecretId, VersionId, VersionStage }) => {
        const secret = requireSecret(store, SecretId);
        const found = stagesOf(secret).find(
          ({ version, stage }) =>
            (VersionId === undefined || version.id === VersionId) &&
            stage === (VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : stage)),
        );
        if (!found) throw notFound('secret value');
        const { version, stage } = found;
        const named = { ARN: secretArn(secret.name), Name: secret.name, CreatedDate: version.created / 1000 };
        return { ...named, ...version.value, VersionId: version.id, VersionStages: [stage] };
      },
    ),
    DescribeSecret: operation(z.strictObject(id), ({ SecretId }) => {
      const secret = requireSecret(store, SecretId);
      const stages = stagesOf(secret).map(({ version, stage }) => [version.id, [stage]]);
      return { ...renderSecret(secret), VersionIdsToStages: Object.fromEntries(stages) };
    }),
    ListSecrets: operation(
      z.strictObject({
        MaxResults: z.int().min(1).max(maxPerPage).default(maxPerPage),
        NextToken: z.string().default(''),
      }),
      ({ MaxResults, NextToken }) => {
        const secrets = store.list().filter((secret) => secret.name > NextToken);
        const page = secrets.slice(0, MaxResults);
        return {
          SecretList: page.map(renderSecret),
          NextToken: secrets.length > page.length ? page.at(-1)?.name : undefined,
        };
      },
    ),
  };
}

function newVersion(
  given: { SecretString?: string | undefined; SecretBinary?: string | undefined },
  versionId: string,
  created: number,
): SecretVersion | undefined {
  const { SecretString, SecretBinary } = given;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new AwsError('InvalidParameterException', 'You can specify either SecretString or SecretBinary, not both.');
  }
  const secretValue: SecretValue | undefined =
    SecretString !== undefined ? { SecretString } : SecretBinary !== undefined ? { SecretBinary } : undefined;
  if (Buffer.byteLength(SecretString ?? SecretBinary ?? '') > maxValueBytes) {
    throw new AwsError('InvalidParameterException', `The value is longer than ${maxValueBytes} bytes.`);
  }
  return secretValue && { id: versionId, value: secretValue, created };
}

/** A client repeats a request with the same token: the same value is no new version, another value is a fault. */
function isRepeated(secret: Secret, version: SecretVersion): boolean {
  const same = stagesOf(secret).find((stage) => stage.version.id === version.id);
  if (same && !isDeepStrictEqual(same.version.value, version.value)) {
    throw new AwsError('ResourceExistsException', 'There is a version of this token with another value.');
  }
  return same !== undefined;
}

function stagesOf({ current, previous }: Secret): { version: SecretVersion; stage: string }[] {
  return [
    ...(current ? [{ version: current, stage: 'AWSCURRENT' }] : []),
    ...(previous ? [{ version: previous, stage: 'AWSPREVIOUS' }] : []),
  ];
}

function requireSecret(store: SecretStore, secretId: string): Secret {
  const secret = store.find(secretId);
  if (!secret) throw notFound('secret');
  return secret;
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}.`);
}

function renderSecret({ name, description, created, changed }: Secret) {
  const stamps = { CreatedDate: created / 1000, LastChangedDate: changed / 1000 };
  return { ARN: secretArn(name), Name: name, Description: description, ...stamps };
}
