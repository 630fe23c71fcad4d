import { closeSync, openSync, writeSync } from 'node:fs';
import * as z from 'zod';

/** What an event shows of itself on the terminal; everything of it is free of personal data by design. */
const eventSchema = z.object({
  type: z.string(),
  subject: z.string(),
  data: z.object({ connection: z.string().optional() }).optional(),
});

/** One calm line for an event on the bus: `09:14:07  transcript.ready  support-emea  support-emea:0164…`. */
export function eventLine(detail: unknown, at: Date): string {
  const event = eventSchema.safeParse(detail);
  const time = at.toISOString().slice(11, 19);
  if (!event.success) return `${time}  (an event of another kind)`;
  const type = event.data.type.replace(/^earshot\./, '').replace(/\.v\d+$/, '');
  return `${time}  ${type.padEnd(23)}  ${event.data.data?.connection ?? '-'}  ${event.data.subject}`;
}

export type EventFile = { append: (detail: unknown) => void; close: () => void };

/** Appends events to a file, each a line. A line is written when `append` returns. */
export function openEventFile(path: string): EventFile {
  const file = openSync(path, 'a');
  return {
    append: (detail) => void writeSync(file, `${JSON.stringify(detail)}\n`),
    close: () => closeSync(file),
  };
}
