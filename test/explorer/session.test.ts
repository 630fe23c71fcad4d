import { expect, it } from 'vitest';
import { granted } from '#explorer/api/session.ts';
import { capabilitiesOf } from '#functions/lookup/access/capabilities.ts';
import { scopes } from '#shared/domain/connections.ts';

it('allows by each scope what the lookup allows', () => {
  expect(Object.keys(granted).sort()).toEqual([...scopes].sort());
  for (const scope of scopes) expect(new Set(granted[scope]), scope).toEqual(capabilitiesOf([scope]));
});
