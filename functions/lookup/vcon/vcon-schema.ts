import * as z from 'zod';

/**
 * What we write of a vCon: draft-ietf-vcon-vcon-core-03, unsigned form, with the contact-centre extension (`CC`,
 * draft-ietf-vcon-cc-extension-02). Names are snake_case, lengths are seconds. Indices count from 0.
 */

const index = z.int().nonnegative();
const instant = z.iso.datetime();

/** A participant, at the same index as in our record; `{}` is an unknown one. */
const partySchema = z.object({
  tel: z.string().optional().meta({ description: 'a TEL URL; its scheme may be left out' }),
  mailto: z.string().optional(),
  name: z.string().optional(),
  uuid: z.string().optional().meta({ description: "made from the connection and the provider's id: stays the same" }),
  type: z.enum(['person', 'bot']).optional(),
  role: z.enum(['agent', 'customer']).optional().meta({ description: 'CC extension' }),
});
export type Party = z.infer<typeof partySchema>;

/** A file that lies elsewhere: the draft asks for the hash with each address. */
const externalFile = {
  mediatype: z.string().optional(),
  filename: z.string().optional(),
  url: z.string().optional(),
  content_hash: z
    .string()
    .regex(/^sha512-[A-Za-z0-9_-]*$/)
    .optional(),
};

export const dispositions = ['no-answer', 'failed', 'busy', 'hung-up'] as const;
export type Disposition = (typeof dispositions)[number];

const dialogSchema = z.object({
  type: z.enum(['recording', 'recording-set', 'text', 'incomplete']),
  start: instant,
  duration: z.number().nonnegative().optional().meta({ description: 'seconds' }),
  parties: z.array(index),
  originator: index.optional(),
  recordings: z.array(index).optional(),
  recording_set: index.optional(),
  disposition: z.enum(dispositions).optional(),
  application: z.string().meta({ description: 'the provider' }),
  interaction_id: z.string().meta({ description: "CC extension: the provider's id of the conversation" }),
  ...externalFile,
  body: z.string().optional(),
  encoding: z.literal('none').optional(),
});
export type Dialog = z.infer<typeof dialogSchema>;

const analysisSchema = z.object({
  type: z.enum(['transcript', 'summary', 'sentiment', 'report']),
  dialog: index,
  vendor: z.string().meta({ description: 'the provider' }),
  product: z.string().optional(),
  schema: z.string().optional(),
  mediatype: z.string(),
  encoding: z.enum(['json', 'none']),
  body: z.json().meta({ description: 'with the encoding json a JSON value and no text of one' }),
});
export type Analysis = z.infer<typeof analysisSchema>;

const attachmentSchema = z.object({
  purpose: z.string(),
  start: instant,
  party: index,
  dialog: index,
  ...externalFile,
});

export const vconSchema = z.object({
  uuid: z.uuid(),
  extensions: z.tuple([z.literal('CC')]),
  created_at: instant,
  updated_at: instant,
  subject: z.string().optional(),
  parties: z.array(partySchema),
  dialog: z.array(dialogSchema),
  analysis: z.array(analysisSchema),
  attachments: z.array(attachmentSchema),
});
export type Vcon = z.infer<typeof vconSchema>;
