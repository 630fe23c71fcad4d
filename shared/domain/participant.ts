import * as z from 'zod';

/** An AI agent is `bot`; `agent` is a human of ours. */
export const participantRoles = ['agent', 'customer', 'bot', 'unknown'] as const;
export type ParticipantRole = (typeof participantRoles)[number];

export const participantSchema = z.object({
  id: z.string().nullable(),
  role: z.enum(participantRoles),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
});
export type Participant = z.infer<typeof participantSchema>;
