import * as z from 'zod';
import { eventSchemas } from '#shared/domain/events.ts';
import { exampleEvents } from './example-events.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Types begin with the name of what sends them, and end with their version. */
const nameOf = (type: string): string =>
  type
    .split('.')
    .slice(1)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const messages = Object.values(eventSchemas).map((schema) => {
  const type = schema.shape.type.value;
  const { title = '', description = '' } = schema.meta() ?? {};
  const example = exampleEvents.find((event) => event.type === type);
  return { type, name: nameOf(type), title, description, schema: schemaOf(schema), example };
});

/**
 * JSON Schema 2020-12 of an event. Fields may be added to a type, so none are excluded; what zod gives as a format with a
 * pattern beside it says the same twice.
 */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  return own;
}

const byName = <Value>(toValue: (message: (typeof messages)[number]) => Value) =>
  Object.fromEntries(messages.map((message) => [message.name, toValue(message)]));

/**
 * The AsyncAPI 3.0 document of the bus, from the schemas that type the events: a message for each type, with its schema
 * and an example that was made as the real ones are. `version` is the project's.
 */
export const asyncApiOf = (version: string) => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Earshot events',
    version,
    description:
      'What Earshot tells on its EventBridge bus. Each event is a CloudEvents 1.0 event in its JSON form and stands in ' +
      "`detail`; the envelope's `source` is `earshot`, its `detail-type` the event's `type`. An event may come twice, then " +
      'with the same `id`, and out of order: within a `subject` the number in the `id` tells which is newer. Events hold no ' +
      'personal data; `href` is where the lookup API has the rest.',
    license: { name: 'Apache-2.0' },
  },
  defaultContentType: 'application/cloudevents+json',
  channels: {
    bus: {
      address: 'earshot',
      title: 'The bus',
      description: 'An EventBridge bus, named as the deployment is.',
      messages: byName(({ name }) => ({ $ref: `#/components/messages/${name}` })),
    },
  },
  operations: {
    publish: {
      action: 'send',
      channel: { $ref: '#/channels/bus' },
      summary: 'Tells what was stored',
      messages: messages.map(({ name }) => ({ $ref: `#/channels/bus/messages/${name}` })),
    },
  },
  components: {
    messages: byName(({ type, name, title, description, example }) => ({
      name: type,
      title,
      summary: description,
      payload: { $ref: `#/components/schemas/${name}` },
      examples: [{ name, payload: example }],
    })),
    schemas: byName(({ schema }) => schema),
  },
});
