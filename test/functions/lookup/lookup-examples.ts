import { type ExampleRequest, magpipeCall, salesloftMeeting, vonageCall } from './example-request.ts';

/** Examples of our own shape. */

const form = { 'content-type': 'application/x-www-form-urlencoded' };

export const lookupExamples: readonly ExampleRequest[] = [
  {
    operation: 'createToken',
    name: 'form',
    about: 'Credentials in the form',
    method: 'POST',
    target: '/oauth/token',
    headers: form,
    body: 'grant_type=client_credentials&client_id=crm&client_secret=crm-secret',
    open: true,
  },
  {
    operation: 'createToken',
    name: 'wrongSecret',
    about: 'A wrong secret',
    method: 'POST',
    target: '/oauth/token',
    headers: form,
    body: 'grant_type=client_credentials&client_id=crm&client_secret=wrong',
    open: true,
  },
  {
    operation: 'listConversations',
    name: 'newest',
    about: 'The two that began last',
    target: '/v1/conversations?limit=2',
  },
  {
    operation: 'listConversations',
    name: 'byParticipant',
    about: 'All with one telephone number',
    target: '/v1/conversations?participant=%2B441632960111&channel=voice',
  },
  {
    operation: 'listConversations',
    name: 'byIds',
    about: 'Two by id, one of which does not exist, with transcripts',
    target: `/v1/conversations?ids=support-emea:${vonageCall},support-emea:unknown&include=transcript`,
  },
  {
    operation: 'listConversations',
    name: 'badParameters',
    about: 'Parameters that are not known or not valid',
    target: '/v1/conversations?limit=1000&colour=red',
  },
  {
    operation: 'getConversation',
    name: 'vonage',
    about: 'A call of Vonage',
    target: `/v1/conversations/support-emea:${vonageCall}`,
  },
  {
    operation: 'getConversation',
    name: 'unknown',
    about: 'One that does not exist, or that the caller may not see',
    target: '/v1/conversations/support-emea:unknown',
  },
  {
    operation: 'getConversation',
    name: 'withoutToken',
    about: 'Without a token',
    target: `/v1/conversations/support-emea:${vonageCall}`,
    open: true,
  },
  {
    operation: 'getTranscript',
    name: 'json',
    about: 'As JSON',
    target: `/v1/conversations/support-emea:${vonageCall}/transcript`,
  },
  {
    operation: 'getTranscript',
    name: 'unknownType',
    about: 'As something that there is not',
    target: `/v1/conversations/support-emea:${vonageCall}/transcript`,
    headers: { accept: 'application/pdf' },
  },
  {
    operation: 'getHistory',
    name: 'ofACall',
    about: 'The versions of a call',
    target: `/v1/conversations/support-emea:${vonageCall}/history`,
  },
  {
    operation: 'createMediaLink',
    name: 'recording',
    about: 'A link to a recording',
    method: 'POST',
    target: `/v1/conversations/voice-agent:${magpipeCall}/media/recording/link`,
  },
  {
    operation: 'getVcon',
    name: 'meeting',
    about: 'A meeting of Salesloft',
    target: `/v1/conversations/sales:${salesloftMeeting}/vcon`,
    headers: { accept: 'application/json' },
  },
  { operation: 'listConnections', name: 'all', about: 'All that the caller may see', target: '/v1/connections' },
  { operation: 'getConnection', name: 'one', about: 'One of them', target: '/v1/connections/support-emea' },
  { operation: 'getHealth', name: 'healthy', about: 'The function answers', target: '/healthz', open: true },
];
