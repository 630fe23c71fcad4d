import { describe, expect, it } from 'vitest';
import { openAccess } from '#infra/local/access/access.ts';
import { allowing, grantsOf } from '#infra/local/access/grants.ts';
import { policyDocument } from '#infra/local/access/statement.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/t';

const grants = (...statements: object[]) =>
  grantsOf(policyDocument.parse({ Version: '2012-10-17', Statement: statements }));
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...(Condition && { Condition }),
});
const allows = (given: ReturnType<typeof grants>, action: string, resource: string, keys?: string[]): boolean =>
  allowing(given, { action, resource, ...(keys && { context: { 'dynamodb:LeadingKeys': keys } }) }).length > 0;

describe('what a policy allows', () => {
  it('what is granted, and nothing else', () => {
    const given = grants(allow(['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::b/media/*', 'arn:aws:s3:::b/raw.?']));
    expect(allows(given, 's3:GetObject', 'arn:aws:s3:::b/media/a/b')).toBe(true);
    expect(allows(given, 'S3:getobject', 'arn:aws:s3:::b/raw.x')).toBe(true);
    for (const key of ['media', 'mediaX/a', 'raw.xy', 'raw.', 'rawXx', 'Media/a'])
      expect(allows(given, 's3:GetObject', `arn:aws:s3:::b/${key}`), key).toBe(false);
    expect(allows(given, 's3:DeleteObject', 'arn:aws:s3:::b/media/a')).toBe(false);
    expect(allows(grants(), 's3:GetObject', 'arn:aws:s3:::b/media/a')).toBe(false);
  });

  it('nothing of what is denied, whatever else allows it', () => {
    const given = grants(allow('s3:*', '*'), { Effect: 'Deny', Action: 's3:Delete*', Resource: 'arn:aws:s3:::b/kept' });
    expect(allows(given, 's3:DeleteObject', 'arn:aws:s3:::b/kept')).toBe(false);
    expect(allows(given, 's3:DeleteObject', 'arn:aws:s3:::b/other')).toBe(true);
  });

  it('items of the partitions that a condition names: every one that a request is about', () => {
    const one = grants(
      allow('dynamodb:BatchGetItem', table, {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['calls', 'b'] },
      }),
    );
    expect(allows(one, 'dynamodb:BatchGetItem', table, ['calls', 'b'])).toBe(true);
    expect(allows(one, 'dynamodb:BatchGetItem', table, ['calls', 'streams'])).toBe(false);
    // As IAM has it: all of no values fit.
    expect(allows(one, 'dynamodb:BatchGetItem', table, [])).toBe(true);
    const under = grants(
      allow('dynamodb:PutItem', table, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'operations#*' } }),
    );
    expect(allows(under, 'dynamodb:PutItem', table, ['operations#replays'])).toBe(true);
    expect(allows(under, 'dynamodb:PutItem', table, ['my-operations#replays'])).toBe(false);
    expect(allows(under, 'dynamodb:PutItem', `${table}/index/byStart`, ['operations#replays'])).toBe(false);
  });

  it('a list of what lies under a prefix, if the request names one', () => {
    const given = grants(allow('s3:ListBucket', 'arn:aws:s3:::b', { StringLike: { 's3:prefix': ['events/*'] } }));
    const list = (prefix?: string) =>
      allowing(given, {
        ...{ action: 's3:ListBucket', resource: 'arn:aws:s3:::b' },
        context: { 's3:prefix': prefix === undefined ? [] : [prefix] },
      }).length > 0;
    expect([list('events/2026'), list('media/'), list('')]).toEqual([true, false, false]);
    expect(list(undefined)).toBe(false);
  });
});

describe('who did what', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:jobs';
  const send = { action: 'sqs:SendMessage', resource: queue };

  it('the machine may do anything, a function what its role allows, a stranger nothing', () => {
    const told: string[] = [];
    const access = openAccess((line) => told.push(line));
    access.admit([{ name: 'f', grants: grants(allow('sqs:SendMessage', queue)) }]);
    expect(access.may('local', { action: 'sqs:PurgeQueue', resource: queue })).toBe(true);
    expect(access.may('f', send)).toBe(true);
    expect([access.knows('f'), access.knows('g'), access.may('g', send)]).toEqual([true, false, false]);
    for (let again = 0; again < 2; again++)
      expect(access.may('f', { action: 'sqs:PurgeQueue', resource: queue })).toBe(false);
    expect(access.refused()).toEqual([
      { name: 'g', right: `sqs:SendMessage on ${queue}` },
      { name: 'f', right: `sqs:PurgeQueue on ${queue}` },
    ]);
    expect(told).toHaveLength(2);
  });

  it('a grant counts as used when nothing else would have allowed what was done', () => {
    const access = openAccess(() => undefined);
    const given = grants(allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], queue), allow('sqs:Send*', '*'));
    access.admit([{ name: 'f', grants: given }]);
    const unneeded = () => access.granted().flatMap(({ right, isNeeded }) => (isNeeded ? [] : [right]));
    access.may('f', send);
    expect(unneeded()).toEqual([`sqs:SendMessage on ${queue}`, `sqs:ReceiveMessage on ${queue}`, 'sqs:Send* on *']);
    access.may('f', { action: 'sqs:SendMessage', resource: 'another' });
    access.allows('f', { action: 'sqs:ReceiveMessage', resource: queue });
    expect(unneeded()).toEqual([`sqs:SendMessage on ${queue}`, `sqs:ReceiveMessage on ${queue}`]);
  });
});
