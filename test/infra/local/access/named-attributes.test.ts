import { expect, it } from 'vitest';
import { attributesOfUpdate } from '#infra/local/dynamodb/named-attributes.ts';

it('an update touches its key and what its expressions name, by alias or in the open, and no words or values', () => {
  const update = {
    Key: { pk: { S: 'a' }, sk: { S: 'b' } },
    UpdateExpression: 'SET #hold = if_not_exists(#hold, :at), fence = fence + :one REMOVE place.inner',
    ConditionExpression: 'attribute_exists(#record) AND NOT holder IN (:a, :b)',
    ExpressionAttributeNames: { '#hold': 'ho', '#record': 'r' },
  };
  expect(attributesOfUpdate(update).sort()).toEqual(['fence', 'ho', 'holder', 'pk', 'place', 'r', 'sk']);
});
