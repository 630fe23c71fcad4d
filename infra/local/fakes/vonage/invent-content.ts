import type { Dialogue } from '../invent/dialogue.ts';
import type { Random } from '../random.ts';
import { between, chance, uuid } from '../random.ts';
import { usPerSecond } from '../stamp.ts';
import { contentTypes, type VonageContentType } from './content-types.ts';
import type { VonageAnalysis, VonageContent } from './world.ts';

/** What files are made from; `atUs` is when the first of them appear. */
export type ContentFacts = {
  readonly random: Random;
  readonly dialogue: Pick<Dialogue, 'turns' | 'summary'>;
  readonly atUs: number;
  readonly agentId: string;
};

/** Of a call: first its recording alone, the files of the analysis some seconds after that. */
export function callContent(facts: ContentFacts, analysis: VonageAnalysis | null): VonageContent[] {
  const { random } = facts;
  const files = [file('callRecording', facts)];
  if (chance(random, 0.15)) files.push(file('screenRecording', facts));
  if (chance(random, 0.05)) files.push(file('ivrAudioRecording', facts));
  if (chance(random, 0.05)) files.push(file('videoRecording', facts));
  if (chance(random, 0.2)) files.push(file('interactionLog', facts));
  if (!analysis || analysis.doneAtUs === null || analysis.outcome === 'failed') return files;
  const late = { ...facts, atUs: analysis.doneAtUs + between(random, 0, 5) * usPerSecond };
  files.push(file('transcript', late), file('categorizationResult', late));
  if (analysis.sentiment !== null) files.push(file('sentimentSummary', late));
  if (chance(random, 0.3)) files.push(file('conversationSummary', late));
  return files;
}

export function chatContent(facts: ContentFacts): VonageContent[] {
  const attachment = chance(facts.random, 0.4) ? [file('attachment', facts)] : [];
  return [file('chatTranscript', facts), ...attachment];
}

/** Keys of older voicemails name the agent. */
export function voicemailContent(facts: ContentFacts): VonageContent[] {
  const voicemail = file('voicemail', facts);
  return [chance(facts.random, 0.3) ? { ...voicemail, contentKey: `voicemail-${facts.agentId}` } : voicemail];
}

/** One file of each type. */
export function oneOfEach(facts: ContentFacts): VonageContent[] {
  // the keys of that table are its types
  return (Object.keys(contentTypes) as VonageContentType[]).map((type) => file(type, facts));
}

function file(type: VonageContentType, { random, dialogue, atUs, agentId }: ContentFacts): VonageContent {
  const { key, contentType } = contentTypes[type];
  return {
    contentKey: key ?? uuid(random),
    type,
    contentType,
    atUs,
    ...(type === 'voicemail' && { owningAgent: agentId }),
    ...(type === 'ivrAudioRecording' && { owningInteractionPlan: String(between(random, 100, 999)) }),
    ...(type === 'conversationSummary' && { text: dialogue.summary }),
    ...(type === 'chatTranscript' && { text: dialogue.turns.map(({ text }) => text).join('\n') }),
    ...(type === 'interactionLog' && { text: 'alerted\nconnected\ndisconnected\nwrapstarted' }),
  };
}
