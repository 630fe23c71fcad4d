import type { Conversation } from '../api/answers.ts';
import { conversationPath } from '../api/ask.ts';
import type { Capability } from '../api/session.ts';

/** An address that shows a conversation in one of its shapes. */
export type Answer = {
  group: string;
  name: string;
  path: string;
  accept: string;
  needs: Capability;
  /** what it is saved as */
  file: string;
};

type Known = Pick<Conversation, 'id' | 'uuid' | 'provider' | 'externalId' | 'artifacts' | 'startedAt'>;

const json = 'application/json';

/** Every shape of a conversation: ours, the vCon, and what the four providers' APIs say of it. */
export function documentsOf(conversation: Known): Answer[] {
  const { id, uuid, artifacts } = conversation;
  const own = { group: 'Earshot', accept: json };
  const hasTranscript = artifacts['transcript']?.state === 'ready';
  const transcripts: Answer[] = [
    {
      ...own,
      name: 'Transcript',
      path: conversationPath(id, '/transcript'),
      needs: 'content',
      file: `${uuid}.transcript.json`,
    },
    {
      ...own,
      name: 'WebVTT',
      path: conversationPath(id, '/transcript'),
      accept: 'text/vtt',
      needs: 'content',
      file: `${uuid}.vtt`,
    },
    {
      ...own,
      name: 'Text',
      path: conversationPath(id, '/transcript'),
      accept: 'text/plain',
      needs: 'content',
      file: `${uuid}.txt`,
    },
  ];
  return [
    { ...own, name: 'Record', path: conversationPath(id), needs: 'records', file: `${uuid}.json` },
    ...(hasTranscript ? transcripts : []),
    {
      ...own,
      name: 'vCon',
      path: conversationPath(id, '/vcon'),
      accept: '*/*',
      needs: 'content',
      file: `${uuid}.vcon.json`,
    },
    ...dialectsOf(conversation),
  ];
}

/** Vonage answers nobody who does not name a version. */
const vonageShape = { group: 'Vonage', accept: 'application/vnd.newvoicemedia.v3+json' };

/** A record of a dialect's own provider goes by the id that it has there, any other by its uuid. */
function dialectsOf({ uuid, provider, externalId, startedAt }: Known): Answer[] {
  const idIn = (dialect: string) => encodeURIComponent(provider === dialect ? externalId : uuid);
  const [vonage, talkdesk, salesloft, magpipe] = ['vonage', 'talkdesk', 'salesloft', 'magpipe'].map(idIn);
  const base = { accept: json, needs: 'records' } as const;
  const spoken: Omit<Answer, 'file'>[] = [
    { ...base, ...vonageShape, name: 'Interaction', path: `/interaction-content/interactions/${vonage}` },
    { ...base, ...vonageShape, name: 'Analysis', path: `/conversation-analyzer/interactions/${vonage}` },
    { ...base, group: 'Talkdesk', name: 'Recordings', path: `/calls/${talkdesk}/recordings`, needs: 'media' },
    ...(startedAt === null
      ? []
      : [{ ...base, group: 'Talkdesk', name: 'Interactions then', path: interactionsAt(startedAt) }]),
    { ...base, group: 'Salesloft', name: 'Conversation', path: `/v2/conversations/${salesloft}` },
    { ...base, group: 'Salesloft', name: 'Extensive', path: `/v2/conversations/${salesloft}/extensive` },
    { ...base, group: 'Magpipe', name: 'Call', path: `/get-call?call_id=${magpipe}` },
  ];
  return spoken.map((one) => ({ ...one, file: `${uuid}.${one.group.toLowerCase()}.json` }));
}

/** Talkdesk lists by interval and has no address for one: the second in which it began. */
function interactionsAt(startedAt: string): string {
  const at = Math.floor(Date.parse(startedAt) / 1_000) * 1_000;
  const [from, to] = [at, at + 1_000].map((ms) => new Date(ms).toISOString());
  return `/conversations/interactions?interaction_started=${from}&interaction_ended=${to}`;
}
