import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import published from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Ajv } from '@redocly/ajv';
import { Ajv2020 } from '@redocly/ajv/dist/2020.js';
import { CloudEvent, type CloudEventV1, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { exampleEvents } from '#infra/example-events.ts';
import { schemaTexts } from '#infra/write-schemas.ts';
import { type EarshotEvent, earshotEventSchema } from '#shared/domain/events.ts';
import { asyncApiFile } from '#shared/facts/env.ts';
import { eventTypes } from '#shared/facts/events.ts';

const root = resolve(import.meta.dirname, '../..');
const document = JSON.parse(readFileSync(resolve(root, 'docs', asyncApiFile), 'utf8'));
const types = Object.values(eventTypes);

/** As it is replayed to one subscriber. */
const replayed = (event: EarshotEvent): EarshotEvent => ({ ...event, replay: '018f-1', replayto: 'crm-sync' });

it('the schemas are those of the code; `npm run schemas` writes them', () => {
  for (const [path, text] of schemaTexts()) expect(readFileSync(resolve(root, path), 'utf8') === text, path).toBe(true);
});

describe('the AsyncAPI document', () => {
  it('is valid by the schema that AsyncAPI publishes', () => {
    const validate = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(
      published,
    );
    expect(validate(document) || validate.errors).toBe(true);
    expect(validate({ ...document, channels: { bus: { address: 7 } } })).toBe(false);
  });

  it('has a message with an example for each type of event and no others', () => {
    const messages: { name: string; examples: { payload: EarshotEvent }[] }[] = Object.values(
      document.components.messages,
    );
    expect(messages.map(({ name }) => name).toSorted()).toEqual(types.toSorted());
    for (const { name, examples } of messages) expect(examples[0]?.payload.type).toBe(name);
  });

  it('describes every event that is made, and nothing that lacks a fact', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schemas = new Map<string, unknown>();
    for (const { name, payload } of Object.values<{ name: string; payload: { $ref: string } }>(
      document.components.messages,
    )) {
      schemas.set(name, document.components.schemas[payload.$ref.split('/').at(-1) ?? '']);
    }
    expect(new Set(exampleEvents.map(({ type }) => type)).size).toBe(types.length);
    for (const event of [...exampleEvents, ...exampleEvents.map(replayed)]) {
      expect(earshotEventSchema.parse(event)).toEqual(event);
      const validate = ajv.compile(schemas.get(event.type) ?? false);
      expect(validate(event) || validate.errors, event.type).toBe(true);
      expect(validate({ ...event, later: 1, data: { ...event.data, later: 1 } })).toBe(true);
      for (const name of ['id', 'source', 'subject', 'data'])
        expect(validate({ ...event, [name]: undefined })).toBe(false);
      for (const name of ['connection', 'provider', 'href']) {
        expect(validate({ ...event, data: { ...event.data, [name]: undefined } })).toBe(false);
      }
      expect(validate({ ...event, type: 'earshot.other.v1' })).toBe(false);
    }
  });
});

describe('the CloudEvents SDK', () => {
  const plain = (event: CloudEventV1<unknown>): unknown => JSON.parse(JSON.stringify(event));

  it('reads every event, replayed ones too, as it was sent', () => {
    for (const event of exampleEvents.flatMap((one) => [one, replayed(one)])) {
      const read = new CloudEvent<unknown>(event, true);
      expect(read.validate()).toBe(true);
      expect(plain(read)).toEqual({ ...event, time: expect.any(String) });
      expect([read['replay'], read['replayto']]).toEqual([event.replay, event.replayto]);
      const body = JSON.stringify(event);
      const received = HTTP.toEvent<unknown>({ headers: { 'content-type': 'application/cloudevents+json' }, body });
      expect(plain(received as CloudEventV1<unknown>)).toEqual(plain(read));
    }
  });

  it('does not read what is no CloudEvent', () => {
    const [event] = exampleEvents;
    expect(() => new CloudEvent({ ...event, replayTo: 'x' } as never, true)).toThrow();
    expect(() => new CloudEvent({ ...event, type: '' } as never, true)).toThrow();
  });
});
