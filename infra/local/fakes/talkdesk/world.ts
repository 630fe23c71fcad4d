import type { Malformed } from '../raw-json.ts';

/** What a fake Talkdesk account holds, over all time. Names ending in `Us` are microseconds since 1970. */

export type TalkdeskMessage = {
  readonly messageId: string;
  readonly text: string;
  readonly channel: 'VOICE' | 'WEBCHAT' | 'CHAT' | 'SMS' | 'DIGITAL_CONNECT';
  readonly participant: string;
  readonly sentiment?: string;
  readonly sourceSystem: 'STT' | 'DCE' | 'VA';
  /** seconds into the audio, speech only */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  readonly startAtUs: number;
  readonly recordingIndex?: number;
  readonly recordingId?: string;
  readonly agentId?: string;
  readonly agentName?: string;
  readonly intent?: string;
  readonly intentConfidenceScore?: number;
  readonly intentIsFallback?: boolean;
};

export type TalkdeskRecording = {
  /** 32 hex digits without hyphens, as seen in files of a user */
  readonly id: string;
  /** when it can be asked for */
  readonly atUs: number;
  /** when it is removed, by hand or by the account's retention */
  readonly deletedAtUs?: number;
  readonly durationSeconds: number;
  /** length of its file; without it a short melody */
  readonly bytes?: number;
  readonly type: 'conversation' | 'voicemail' | 'agent' | 'consultation';
};

export type TalkdeskRecord = {
  readonly id: string;
  readonly customerId: string;
  readonly startedAtUs: number;
  readonly endedAtUs: number;
  readonly direction: string;
  readonly ringGroups: readonly string[];
  readonly queues?: readonly string[];
  readonly agents: readonly { readonly id: string; readonly name?: string }[];
  /** when lists begin to show it */
  readonly visibleAtUs: number;
  /** when its messages land; null: never */
  readonly transcriptAtUs: number | null;
  readonly messages: readonly TalkdeskMessage[];
  /** in the order of their index */
  readonly recordings: readonly TalkdeskRecording[];
  readonly deletedAtUs?: number;
  /** 403 for this call's recordings, wherever they are asked for */
  readonly forbidden?: boolean;
  readonly malformed?: Malformed;
};

export type TalkdeskWorld = { readonly interactions: TalkdeskRecord[] };

export function isVisible(record: TalkdeskRecord, nowUs: number): boolean {
  return record.visibleAtUs <= nowUs && nowUs < (record.deletedAtUs ?? Number.POSITIVE_INFINITY);
}
