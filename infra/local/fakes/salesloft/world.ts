import type { Malformed } from '../raw-json.ts';

/** What a fake Salesloft holds, over all time. Names ending in `Us` are microseconds since 1970, in `Ms` milliseconds. */

export type SalesloftAttendee = {
  readonly id: string;
  readonly fullName: string;
  readonly email: string;
  readonly isInternal: boolean;
};

export type SalesloftSentence = {
  /** index into the attendees */
  readonly speaker: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
};

export type SalesloftTranscript = {
  readonly id: string;
  /** when it lands */
  readonly atUs: number;
  readonly sentences: readonly SalesloftSentence[];
  /** wrong fields of its first sentence */
  readonly malformedSentence?: Malformed;
};

export type SalesloftRecord = {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly isApi: boolean;
  readonly platform: string;
  readonly mediaType: 'audio' | 'video';
  readonly languageCode: string;
  readonly ownerId: string;
  readonly ownerEmail: string;
  readonly userGuid: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly callId: string | null;
  readonly accountId: string | null;
  readonly personId: string | null;
  readonly opportunityId: string | null;
  readonly attendees: readonly SalesloftAttendee[];
  readonly invitees: readonly { readonly fullName: string; readonly email: string }[];
  readonly createdAtUs: number;
  /** when lists begin to show it, createdAtUs or later */
  readonly visibleAtUs: number;
  /** later values of updated_at, ascending, each in force from its own moment on; mutable, see touch.ts */
  updatesUs: number[];
  readonly deletedAtUs?: number;
  /** minutes east of UTC in which this record's stamps are written; 0 writes Z */
  readonly offsetMinutes: number;
  readonly recordingAtUs: number | null;
  /** length of the recording's file; without it a short melody */
  readonly recordingBytes?: number;
  readonly transcript: SalesloftTranscript | null;
  readonly summary: { readonly id: string; readonly text: string; readonly atUs: number } | null;
  readonly actionItems: readonly { readonly id: string; readonly text: string }[];
  readonly keyMoments: readonly { readonly name: string; readonly categories: readonly string[] }[];
  /** 403 for this record's detail and media */
  readonly forbidden?: boolean;
  readonly malformed?: Malformed;
};

export type SalesloftWorld = {
  readonly organizationId: string;
  readonly conversations: SalesloftRecord[];
  /** to be raised by whoever changes a record in place; added records are noticed without */
  revision: number;
};

/** The moment of the last change by `nowUs`. */
export function updatedAtUs(record: SalesloftRecord, nowUs: number): number {
  return record.updatesUs.findLast((at) => at <= nowUs) ?? record.createdAtUs;
}

export function isVisible(record: SalesloftRecord, nowUs: number): boolean {
  return record.visibleAtUs <= nowUs && nowUs < (record.deletedAtUs ?? Number.POSITIVE_INFINITY);
}

export function transcriptAt(record: SalesloftRecord, nowUs: number): SalesloftTranscript | null {
  return record.transcript !== null && record.transcript.atUs <= nowUs ? record.transcript : null;
}
