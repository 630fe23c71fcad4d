/**
 * The twelve types of content files (Interaction Content API, content endpoint): their media type, and the key where it
 * is a fixed word; null: each file has a GUID. An attachment may be of any type.
 */
export const contentTypes = {
  callRecording: { key: 'callRecording', contentType: 'audio/wav' },
  transcript: { key: 'transcript', contentType: 'application/json' },
  categorizationResult: { key: 'categorizationResult', contentType: 'application/json' },
  sentimentSummary: { key: 'sentimentSummary', contentType: 'application/json' },
  voicemail: { key: null, contentType: 'audio/wav' },
  ivrAudioRecording: { key: null, contentType: 'audio/wav' },
  screenRecording: { key: null, contentType: 'video/webm' },
  videoRecording: { key: null, contentType: 'video/webm' },
  chatTranscript: { key: null, contentType: 'application/json' },
  conversationSummary: { key: null, contentType: 'application/json' },
  interactionLog: { key: null, contentType: 'application/json' },
  attachment: { key: null, contentType: 'application/pdf' },
} as const satisfies Readonly<Record<string, { key: string | null; contentType: string }>>;

export type VonageContentType = keyof typeof contentTypes;
