import * as z from 'zod';
import { eventSource } from '#shared/facts/events.ts';

/**
 * Bytes of an event as JSON: what every receiver of CloudEvents must take, and so what nobody may send more of
 * (CloudEvents 1.0, "Size Limits").
 */
export const longestEvent = 65_536;

/** What an event is of: words for the readable schema. */
type Words = { title: string; description: string; id: string; subject: string };

/** A CloudEvents 1.0 event of one type in its JSON form. */
export const eventSchemaOf = <Type extends string, Data extends z.ZodType>(type: Type, data: Data, words: Words) =>
  z
    .object({
      specversion: z.literal('1.0'),
      id: z
        .string()
        .min(1)
        .meta({ description: `\`${words.id}\`: the same for every repeat` }),
      source: z.literal(eventSource),
      type: z.literal(type),
      subject: z.string().min(1).meta({ description: words.subject }),
      time: z.iso.datetime().meta({ description: 'when what it tells of was written' }),
      datacontenttype: z.literal('application/json'),
      replay: z.string().min(1).optional().meta({ description: 'the replay operation that sent it again' }),
      replayto: z.string().min(1).optional().meta({ description: 'the one subscriber that a replay is for' }),
      data,
    })
    .meta({ title: words.title, description: words.description });

type Attributes<Type extends string> = {
  type: Type;
  subject: string;
  /** what counts beside the subject: a version, a number of a change */
  number: number;
  /** stands behind the type where one number can have several */
  part?: string | undefined;
  /** ISO 8601 UTC */
  time: string;
};

type Envelope<Type extends string> = {
  specversion: '1.0';
  id: string;
  source: typeof eventSource;
  type: Type;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
};

/** The attributes of an event. Its id is made of what it tells, so that a repeat has the same. */
export const envelope = <Type extends string>(told: Attributes<Type>): Envelope<Type> => ({
  specversion: '1.0',
  id: [told.subject, told.number, told.type, ...(told.part === undefined ? [] : [told.part])].join('/'),
  source: eventSource,
  type: told.type,
  subject: told.subject,
  time: told.time,
  datacontenttype: 'application/json',
});
