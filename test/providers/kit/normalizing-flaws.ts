import { RecordInvalid } from '#shared/domain/errors.ts';
import type { Answer } from '#shared/providers/connector.ts';
import { type Flaw, flaw, good, loose } from './flaw.ts';

const { identify, normalize } = good;
const example = { id: 'a', at: '2026-03-02T01:00:00Z', title: '', audio: false };
let made = 0;

function withMetadata(answer: Answer, metadata: Record<string, string | number | boolean>) {
  const told = normalize(answer);
  return { ...told, content: { ...told.content, metadata } };
}

/** Flaws in what a connector makes of an answer. */
export const normalizingFlaws: readonly Flaw[] = [
  flaw('counts what it makes', /makes the same/, {
    normalize: (answer) => withMetadata(answer, { made: ++made }),
  }),
  flaw('writes into the raw answer', /leaves the answer/, {
    normalize: (answer) => {
      Object.assign(Object(answer.listed), { seen: true });
      return normalize(answer);
    },
  }),
  flaw('has another id for a whole record', [/one id/, /stores each record/], {
    normalize: (answer) => ({ ...normalize(answer), externalId: `thing-${identify(answer.listed).externalId}` }),
  }),
  flaw('falls over a missing field', [/every field gone/, /several damages/], {
    normalize: (answer) => withMetadata(answer, { short: loose(answer.listed).title.trim() }),
  }),
  flaw('takes anything for a record', /every field gone/, {
    normalize: (answer) => {
      try {
        return normalize(answer);
      } catch {
        return normalize({ listed: example, detail: null, sentAt: 0 });
      }
    },
  }),
  flaw('says that a transcript is ready without one', [/makes the same/, /one id/], {
    normalize: (answer) => ({ ...normalize(answer), artifacts: { transcript: { state: 'ready' } } }),
  }),
  flaw('quotes what it refuses', /never repeats/, {
    normalize: (answer) => {
      const { at } = loose(answer.listed);
      if (Number.isNaN(Date.parse(at))) throw new RecordInvalid([`at: ${at}`]);
      return normalize(answer);
    },
  }),
  flaw('says other things of a listed record than of the whole one', /list alone/, {
    normalize: (answer) => withMetadata(answer, { listed: answer.detail === null }),
  }),
  flaw('takes "not yet" for "there is none"', /fills in/, {
    normalize: (answer) => {
      const told = normalize(answer);
      return told.transcript ? told : { ...told, artifacts: { transcript: { state: 'absent', reason: 'none' } } };
    },
  }),
];
