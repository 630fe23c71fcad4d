import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { transcriptionIdOf } from '#functions/lookup/dialects/salesloft/transcription-id.ts';
import type { Identity } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import type { HttpCall } from './lookup-harness.ts';

/** A request as a test sends it: its address and what goes with it. */
export type Asked = { target: string } & HttpCall;

const version = { accept: 'application/vnd.newvoicemedia.v3+json' };
const post = (target: string, body?: unknown): Asked => ({
  ...{ target, method: 'POST' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
});
const week = { start: formatInstant(epoch - 86_400_000), end: formatInstant(epoch + 86_400_000) };
const ends = Object.entries(week).map(([name, at]) => `${name}=${at}`);
const key = 'callRecording';

/** Every address that names one conversation, by each of the ids under which it can be named. */
export const namedTargets = ({ id, uuid, externalId }: Pick<Identity, 'id' | 'uuid' | 'externalId'>): Asked[] => [
  ...ofOwn(id),
  { target: `/v1/conversations/${uuid}` },
  { target: `/v1/conversations?ids=${uuid}&include=transcript` },
  ...[externalId, uuid].flatMap(ofDialects),
  ...[key, 'transcriptArtifact'].flatMap((name) => ofRecording(fileCode({ uuid, key: name }))),
  ...ofTranscription(transcriptionIdOf(uuid)),
];

function ofOwn(id: string): Asked[] {
  const path = `/v1/conversations/${encodeURIComponent(id)}`;
  const files = ['', '/transcript', '/history', '/vcon', '/vcon.gz', `/media/${key}`, '/media/transcriptArtifact'];
  return [
    ...files.map((rest) => ({ target: path + rest })),
    { target: `${path}?include=transcript` },
    { target: `${path}/transcript`, headers: { accept: 'text/plain' } },
    { target: `${path}/media/${key}`, method: 'HEAD' },
    { target: `${path}/media/${key}`, headers: { range: 'bytes=0-3' } },
    post(`${path}/media/${key}/link`),
    { target: `/v1/conversations?ids=${encodeURIComponent(id)}` },
    { target: `/v1/conversations?ids=${encodeURIComponent(id)}&include=transcript` },
  ];
}

function ofDialects(id: string): Asked[] {
  const name = encodeURIComponent(id);
  const interaction = `/interaction-content/interactions/${name}`;
  const vonage = [
    `/conversation-analyzer/interactions?calls=${name}&transcript=true`,
    `/conversation-analyzer/interactions/${name}?transcript=true`,
    `/conversation-analyzer/interactions/${name}`,
    ...['', `/content/${key}`, '/content/interactionLog', '/content/transcript'].map((rest) => interaction + rest),
  ];
  const salesloft = ['', '/extensive', '/recording'].map((rest) => `/v2/conversations/${name}${rest}`);
  return [
    ...vonage.map((target) => ({ target, headers: version })),
    ...[`/calls/${name}/recordings`, ...salesloft, `/get-call?call_id=${name}`].map((target) => ({ target })),
    { target: `/v2/conversations?ids=${name}&include_paging_counts=true` },
    post('/get-call', { call_id: id }),
    post('/get-signed-recording-url', { call_id: id }),
  ];
}

const ofRecording = (code: string): Asked[] => [
  { target: `/recordings/${code}` },
  { target: `/recordings/${code}/media` },
  { target: `/recordings/${code}/media`, headers: { accept: 'application/json' } },
];

const ofTranscription = (id: string): Asked[] => [
  ...['', '/sentences', '/artifact'].map((rest) => ({ target: `/v2/transcriptions/${id}${rest}` })),
  { target: `/v2/transcriptions?ids=${id}&include_paging_counts=true` },
];

/** Every list, whole, a row at a time and by each filter that names what a record holds. */
export function listTargets({
  connection,
  owner,
  agent,
}: {
  connection: string;
  owner: string;
  agent: string;
}): Asked[] {
  const v1 = [
    ...['', '?limit=1', '?limit=1&order=asc', '?sort=updatedAt', `?connection=${connection}`, '?provider=vonage'],
    ...[
      '?participant=%2B441632960111',
      `?participant=${agent}`,
      '?titlePrefix=CANARYFACT',
      '?artifact=transcript:ready',
    ],
    `?sort=durationMs&startedFrom=${week.start}&startedTo=${week.end}&limit=1`,
    '?sort=updatedAt&participant=%2B441632960111&limit=1',
  ].map((query) => `/v1/conversations${query}`);
  const vonage = ['', '&limit=1', `&handlingAgentId=${agent}`, '&connectFrom=%2B44', '&direction=inbound'].map(
    (query) => `/interaction-content/interactions?${ends.join('&')}${query}`,
  );
  const counted = 'include_paging_counts=true';
  const salesloft = [
    '',
    '&per_page=1',
    '&per_page=1&page=2',
    `&owner_ids=${owner}`,
    '&title=CANARYFACT',
    '&platform=zoom',
  ];
  return [
    ...[...v1, '/v1/connections', `/v1/connections/${connection}`].map((target) => ({ target })),
    ...vonage.map((target) => ({ target, headers: version })),
    { target: `/conversations/interactions?interaction_started=${week.start}&interaction_ended=${week.end}` },
    ...salesloft.map((query) => ({ target: `/v2/conversations?${counted}${query}` })),
    ...['', '&per_page=1', '&per_page=1&page=2'].map((query) => ({ target: `/v2/transcriptions?${counted}${query}` })),
    ...[{}, { limit: 1 }, { limit: 1, offset: 1 }, { agent_id: agent }, { phone_number: '+441632960111' }].map((body) =>
      post('/list-calls', body),
    ),
  ];
}
