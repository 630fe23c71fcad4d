import type { Malformed } from '../raw-json.ts';

/** What a fake Vonage account holds, over all time. Names ending in `Us` are microseconds since 1970. */

export type VonageContent = {
  /** a fixed word, a GUID, or something older such as `voicemail-123` */
  readonly contentKey: string;
  /** one of content-types.ts; any text is possible */
  readonly type: string;
  readonly contentType: string;
  /** when it is listed and can be asked for */
  readonly atUs: number;
  /** when other bytes take its place under the same key, ascending */
  readonly replacedUs?: readonly number[];
  /** when its bytes are gone; whether it stays listed is a setting */
  readonly deletedAtUs?: number;
  /** length of the file; without it a small file that fits its type */
  readonly bytes?: number;
  /** what a chat, a summary or a log says, turns separated by line feeds */
  readonly text?: string;
  /** 403 for its bytes */
  readonly forbidden?: boolean;
  /** an agent's id, of a voicemail */
  readonly owningAgent?: string;
  /** of an IVR recording */
  readonly owningInteractionPlan?: string;
  readonly malformed?: Malformed;
};

export type VonageSentiment = {
  /** -1 to 1 */
  readonly overall: number;
  /** percent of the call */
  readonly shares: {
    readonly veryNegative: number;
    readonly negative: number;
    readonly neutral: number;
    readonly positive: number;
    readonly veryPositive: number;
  };
  /** mean score of each tenth of the call */
  readonly tenths: readonly number[];
};

export type VonageAnalysis = {
  /** when the analyzer begins to know the call */
  readonly atUs: number;
  /** when it is done with it; null: never */
  readonly doneAtUs: number | null;
  readonly outcome: 'processed' | 'failed';
  readonly language: string;
  readonly confidence: string;
  readonly categories: readonly {
    readonly category: string;
    readonly categories: readonly { readonly name: string; readonly matches: number }[];
  }[];
  /** seconds */
  readonly callTime: { agent: number; customer: number; silence: number; crossTalk: number };
  /** turns separated by line feeds */
  readonly transcript: string | null;
  /** null where the account has the feature off */
  readonly sentiment: VonageSentiment | null;
  /** wrong fields of the analyzer's item */
  readonly malformed?: Malformed;
};

export type VonageRecord = {
  /** a GUID; both APIs know the interaction by it */
  readonly id: string;
  /** whole seconds */
  readonly startedAtUs: number;
  readonly connectFrom: string;
  readonly connectTo: string;
  readonly direction: string;
  readonly handlingAgents: readonly string[];
  readonly content: readonly VonageContent[];
  /** null: the call is not analysed, as its agent has no transcription */
  readonly analysis: VonageAnalysis | null;
  readonly deletedAtUs?: number;
  /** wrong fields of the listed item */
  readonly malformed?: Malformed;
};

export type VonageWorld = { readonly interactions: VonageRecord[] };

const indexes = new WeakMap<readonly VonageRecord[], ReadonlyMap<string, VonageRecord>>();

/** The record of a GUID in any case, unless it is deleted. */
export function findRecord({ interactions }: VonageWorld, guid: string, nowUs: number): VonageRecord | undefined {
  let index = indexes.get(interactions);
  if (index?.size !== interactions.length) {
    index = new Map(interactions.map((record) => [record.id.toLowerCase(), record]));
    indexes.set(interactions, index);
  }
  const record = index.get(guid.toLowerCase());
  return record && !isDeleted(record, nowUs) ? record : undefined;
}

export function isDeleted(
  { deletedAtUs = Number.POSITIVE_INFINITY }: { deletedAtUs?: number },
  nowUs: number,
): boolean {
  return deletedAtUs <= nowUs;
}
