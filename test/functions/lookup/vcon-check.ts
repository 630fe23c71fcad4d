import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import * as z from 'zod';

/**
 * Whether a vCon is one: by the draft's own JSON Schema (https://github.com/ietf-wg-vcon/draft-ietf-vcon-vcon-core,
 * `vcon_json_schema.json` of 1 July 2026, -03, unchanged), and by what the draft's text asks for and the schema does not.
 */

const schemaText = readFileSync(new URL('../../fixtures/vcon.schema.json', import.meta.url), 'utf8');
const published = z.fromJSONSchema(JSON.parse(schemaText));

const someFile = { url: z.url().optional(), content_hash: z.string().optional(), mediatype: z.string().optional() };
const someBody = { body: z.unknown().optional(), encoding: z.string().optional() };
const looked = z.object({
  parties: z.array(z.unknown()),
  dialog: z.array(
    z.object({
      ...{ type: z.string(), parties: z.array(z.int()), disposition: z.string().optional(), ...someFile, ...someBody },
      ...{ originator: z.int().optional(), recordings: z.array(z.int()).optional(), recording_set: z.int().optional() },
    }),
  ),
  analysis: z.array(z.object({ dialog: z.int(), ...someBody })),
  attachments: z.array(z.object({ party: z.int(), dialog: z.int(), ...someFile })),
});

export function expectVcon(vcon: unknown): void {
  expect(published.safeParse(vcon).error?.issues).toBeUndefined();
  const { parties, dialog, analysis, attachments } = looked.parse(vcon);
  const toParties = dialog.flatMap((one) => [
    ...one.parties,
    ...(one.originator === undefined ? [] : [one.originator]),
  ]);
  for (const index of [...toParties, ...attachments.map(({ party }) => party)]) {
    expect(parties).toHaveProperty(String(index));
  }
  const toDialogs = dialog.flatMap((one) => one.recordings ?? one.recording_set ?? []);
  for (const index of [...toDialogs, ...[...analysis, ...attachments].map((one) => one.dialog)]) {
    expect(dialog).toHaveProperty(String(index));
  }
  for (const file of [...dialog, ...attachments]) {
    expect(file.content_hash === undefined).toBe(file.url === undefined);
    if (file.content_hash !== undefined) expect(file.content_hash).toMatch(/^sha512-[A-Za-z0-9_-]{86}$/);
  }
  for (const one of dialog) {
    expect(one.disposition === undefined).toBe(one.type !== 'incomplete');
    if (one.type === 'incomplete')
      expect([one.url, one.body, one.mediatype]).toEqual([undefined, undefined, undefined]);
    expect(one.recordings === undefined).toBe(one.type !== 'recording-set');
    for (const index of one.recordings ?? []) expect(dialog[index]?.recording_set).toBe(dialog.indexOf(one));
  }
  for (const { body, encoding } of [...dialog, ...analysis]) {
    if (encoding === 'none') expect(body).toBeTypeOf('string');
    // The body of `json` is a value; older tools wrote the text of one.
    if (encoding === 'json') expect(body).not.toBeTypeOf('string');
    if (body !== undefined) expect(encoding).toBeDefined();
  }
}
