import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EarshotSubscriber } from '#infra/subscriber/earshot-subscriber.ts';
import { redriveKinds, redriveRequest } from '#shared/domain/operation-redrive.ts';
import { replayRequest } from '#shared/domain/operation-replay.ts';
import { eventTypes } from '#shared/facts/events.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/subscribing.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);

describe('docs/subscribing.md', () => {
  it('has every type of event in its table, and no others', () => {
    const table = page.slice(page.indexOf('| type | when'), page.indexOf('Whole names'));
    const types = [...table.matchAll(/^\| `([a-z.]+)` \|/gm)].map(([, type]) => `earshot.${type}.v1`);
    expect(types.toSorted()).toEqual(Object.values(eventTypes).toSorted());
  });

  it('shows code that stands in an example, which compiles and is tested', () => {
    const folder = join(root, 'infra/examples');
    const examples = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(blocks('ts').length).toBeGreaterThan(3);
    for (const block of blocks('ts'))
      expect(
        examples.some((example) => example.includes(block)),
        block,
      ).toBe(true);
  });

  it('shows the pattern that the construct makes', () => {
    const stack = new Stack(new App(), 'crm');
    const types = ['conversation.discovered', 'conversation.updated'] as const;
    new EarshotSubscriber(stack, 'Calls', { name: 'crm', types, connections: ['sales-us'] });
    const [shown = ''] = blocks('json');
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: JSON.parse(shown) });
  });

  it('sends requests that the lookup takes', () => {
    const sent = [...page.matchAll(/\/v1\/(replays|redrives)"[^']*'[^']*'[^']*'(\{.*\})'/g)];
    expect(sent.map(([, kind]) => kind)).toEqual(['replays', 'replays', 'redrives']);
    for (const [, kind, body = ''] of sent) {
      const schema = kind === 'replays' ? replayRequest : redriveRequest;
      expect(schema.safeParse(JSON.parse(body)).error, body).toBeUndefined();
    }
  });

  it('names every kind of redrive', () => {
    const section = page.slice(page.indexOf('The kinds are'));
    for (const kind of redriveKinds) expect(section).toContain(`\`${kind}\``);
  });
});
