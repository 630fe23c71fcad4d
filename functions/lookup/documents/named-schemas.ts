import * as z from 'zod';
import { backfillSchema } from '#shared/domain/operation-backfill.ts';
import { redriveSchema } from '#shared/domain/operation-redrive.ts';
import { replaySchema } from '#shared/domain/operation-replay.ts';
import { participantSchema } from '#shared/domain/participant.ts';
import { transcriptSchema, utteranceSchema } from '#shared/domain/transcript.ts';
import * as magpipe from '#shared/providers/magpipe/wire.ts';
import * as salesloft from '#shared/providers/salesloft/wire.ts';
import * as talkdesk from '#shared/providers/talkdesk/wire.ts';
import * as vonage from '#shared/providers/vonage/wire.ts';
import { quarantinedSchema } from '../quarantine/answer-quarantine.ts';
import { connectionStateSchema } from '../v1/connections.ts';
import { oneSchema } from '../v1/present.ts';
import { errorSchema, oauthErrorSchema } from './errors.ts';

/** What the documents call the schemas that stand in more than one place or that a reader looks for by name. */
const byName: Readonly<Record<string, z.ZodType>> = {
  Error: errorSchema,
  OAuthError: oauthErrorSchema,
  Conversation: oneSchema,
  Participant: participantSchema,
  Transcript: transcriptSchema,
  Utterance: utteranceSchema,
  Connection: connectionStateSchema,
  Backfill: backfillSchema,
  Replay: replaySchema,
  Redrive: redriveSchema,
  Quarantined: quarantinedSchema,
  VonageInteraction: vonage.interactionAnswer,
  VonageAnalysis: vonage.analysisAnswer,
  TalkdeskInteraction: talkdesk.interactionAnswer,
  TalkdeskMessage: talkdesk.messageAnswer,
  SalesloftConversation: salesloft.conversationSchema,
  SalesloftExtensive: salesloft.extensiveSchema,
  SalesloftTranscription: salesloft.transcriptionSchema,
  SalesloftSentence: salesloft.sentenceSchema,
  MagpipeCall: magpipe.callSchema,
  MagpipeRow: magpipe.rowSchema,
};

export const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(byName)) names.add(schema, { id });
