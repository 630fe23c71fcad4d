import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { signingSecretName } from './secret-names.ts';

/**
 * `npm run rotate-signing-key -- [--name earshot] [--region R]`: gives a deployment a new signing key. Secrets Manager
 * keeps the one before as AWSPREVIOUS, so that what it signed holds until it expires.
 */
const usage = 'usage: npm run rotate-signing-key -- [--name earshot] [--region REGION]';
/** Length of the key in bytes: as much as the deployment's own first one holds. */
const keyBytes = 48;

const { name, region } = readArguments();
const secret = signingSecretName(name);
const client = new SecretsManagerClient(region === undefined ? {} : { region });
const SecretString = randomBytes(keyBytes).toString('base64url');
try {
  await client.send(new PutSecretValueCommand({ SecretId: secret, SecretString }));
} catch (error) {
  fail(faultOf(error));
}
process.stdout.write(
  `${secret} has a new key. Within five minutes every instance signs with it.\n` +
    'Tokens and cursors of the key before hold until they expire; those of any key before that are refused.\n',
);

function readArguments(): { name: string; region: string | undefined } {
  try {
    const options = { name: { type: 'string', default: 'earshot' }, region: { type: 'string' } } as const;
    const { values } = parseArgs({ options, strict: true });
    return { name: values.name, region: values.region };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fail(`${error.message}\n${usage}`);
  }
}

/** What the person may do about it, in the service's own words; should they repeat what was sent, without the key. */
function faultOf(error: unknown): string {
  if (error instanceof ResourceNotFoundException)
    return `there is no secret ${secret}: is --name the name of the deployment, and --region its region?`;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  return `${secret} was not rotated: ${reason.replaceAll(SecretString, '…')}`;
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
