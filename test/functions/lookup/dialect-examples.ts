import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { transcriptionIdOf } from '#functions/lookup/dialects/salesloft/transcription-id.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { type ExampleRequest, magpipeCall, salesloftMeeting, talkdeskCall, vonageCall } from './example-request.ts';

/** Examples of the providers' shapes. */

const json = { 'content-type': 'application/json' };
const versioned = { accept: 'application/vnd.newvoicemedia.v3+json' };
const vonageUuid = conversationUuid(`support-emea:${vonageCall}`);
const magpipeUuid = conversationUuid(`voice-agent:${magpipeCall}`);
const talkdeskUuid = conversationUuid(`support:${talkdeskCall}`);
const transcription = transcriptionIdOf(vonageUuid);
const recordingCode = fileCode({ uuid: vonageUuid, key: 'callRecording' });

export const dialectExamples: readonly ExampleRequest[] = [
  {
    operation: 'vonageListAnalyses',
    name: 'two',
    about: 'Two calls, one of which is not known, with what was said',
    target: `/conversation-analyzer/interactions?calls=${vonageCall},01651953-4aab-ccb9-80d4-92152cd10691&transcript=true`,
    headers: versioned,
  },
  {
    operation: 'vonageListAnalyses',
    name: 'withoutVersion',
    about: 'Without a version in `Accept`',
    target: `/conversation-analyzer/interactions?calls=${vonageCall}`,
  },
  {
    operation: 'vonageGetAnalysis',
    name: 'one',
    about: 'One call without what was said',
    target: `/conversation-analyzer/interactions/${vonageCall}`,
    headers: versioned,
  },
  {
    operation: 'vonageListInteractions',
    name: 'aDay',
    about: 'What began within a day, one at a time',
    target: '/interaction-content/interactions?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z&limit=1',
    headers: versioned,
  },
  {
    operation: 'vonageListInteractions',
    name: 'tooLong',
    about: 'A window of more than seven days',
    target: '/interaction-content/interactions?start=2026-03-01T00:00:00Z&end=2026-04-01T00:00:00Z',
    headers: versioned,
  },
  {
    operation: 'vonageGetInteraction',
    name: 'one',
    about: 'One interaction with its content files',
    target: `/interaction-content/interactions/${vonageCall}`,
    headers: versioned,
  },
  {
    operation: 'talkdeskListInteractions',
    name: 'aWeek',
    about: 'What began within seven days',
    target: `/conversations/interactions?interaction_started=2020-03-09T00:00:00Z&interaction_ended=2020-03-16T00:00:00Z`,
  },
  {
    operation: 'talkdeskListInteractions',
    name: 'tooLong',
    about: 'A longer interval',
    target: `/conversations/interactions?interaction_started=2020-03-01T00:00:00Z&interaction_ended=2020-04-01T00:00:00Z`,
  },
  {
    operation: 'talkdeskListRecordings',
    name: 'ofAVonageCall',
    about: 'The recordings of a call of Vonage, by its uuid',
    target: `/calls/${vonageUuid}/recordings`,
  },
  {
    operation: 'talkdeskGetRecording',
    name: 'ofAVonageCall',
    about: 'One of them',
    target: `/recordings/${recordingCode}`,
  },
  {
    operation: 'talkdeskGetRecordingMedia',
    name: 'link',
    about: 'A link to its bytes, for who prefers JSON',
    target: `/recordings/${recordingCode}/media`,
    headers: { accept: 'application/json' },
  },
  {
    operation: 'salesloftListConversations',
    name: 'oldest',
    about: 'The first two that were created since 2024, with totals',
    target:
      '/v2/conversations?created_at[gte]=2024-01-01T00:00:00Z&sort_direction=asc&per_page=2&include_paging_counts=true',
  },
  {
    operation: 'salesloftListConversations',
    name: 'badValue',
    about: 'A value that is not valid',
    target: '/v2/conversations?sort_by=colour',
  },
  {
    operation: 'salesloftGetConversation',
    name: 'one',
    about: 'A meeting of Salesloft',
    target: `/v2/conversations/${salesloftMeeting}`,
  },
  {
    operation: 'salesloftGetExtensiveConversation',
    name: 'ofAMagpipeCall',
    about: 'A call of a voice agent, by its uuid',
    target: `/v2/conversations/${magpipeUuid}/extensive`,
  },
  {
    operation: 'salesloftGetRecording',
    name: 'one',
    about: 'Where the recording is, for an hour',
    target: `/v2/conversations/${salesloftMeeting}/recording`,
  },
  {
    operation: 'salesloftListTranscriptions',
    name: 'newest',
    about: 'The transcription that was made last',
    target: '/v2/transcriptions?per_page=1',
  },
  {
    operation: 'salesloftGetTranscription',
    name: 'ofAVonageCall',
    about: 'The transcription of a call of Vonage',
    target: `/v2/transcriptions/${transcription}`,
  },
  {
    operation: 'salesloftListSentences',
    name: 'ofAVonageCall',
    about: 'What was said in it',
    target: `/v2/transcriptions/${transcription}/sentences?per_page=2`,
  },
  {
    operation: 'salesloftGetTranscriptArtifact',
    name: 'none',
    about: 'Salesloft made none of it',
    target: `/v2/transcriptions/${transcription}/artifact`,
  },
  {
    operation: 'magpipeGetCall',
    name: 'one',
    about: 'A call',
    method: 'POST',
    target: '/get-call',
    headers: json,
    body: { call_id: magpipeCall },
  },
  {
    operation: 'magpipeGetCall',
    name: 'unknown',
    about: 'One that does not exist',
    method: 'POST',
    target: '/get-call',
    headers: json,
    body: { call_id: '00000000-0000-4000-8000-000000000000' },
  },
  {
    operation: 'magpipeGetCallByQuery',
    name: 'ofTalkdesk',
    about: 'A call of Talkdesk, by its uuid',
    target: `/get-call?call_id=${talkdeskUuid}`,
  },
  {
    operation: 'magpipeListCalls',
    name: 'inbound',
    about: 'The newest inbound one',
    method: 'POST',
    target: '/list-calls',
    headers: json,
    body: { direction: 'inbound', limit: 1 },
  },
  {
    operation: 'magpipeGetRecordingUrl',
    name: 'tenMinutes',
    about: 'A link that is good for ten minutes',
    method: 'POST',
    target: '/get-signed-recording-url',
    headers: json,
    body: { call_id: magpipeCall, expires_in: 600 },
  },
];
