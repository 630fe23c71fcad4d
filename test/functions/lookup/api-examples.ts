/** The requests that the API's documents show, sent by `api-examples.test.ts` over the records of `provider-world.ts`. */
export type ExampleRequest = {
  /** operationId of the address */
  operation: string;
  /** unique for the operation, a word */
  name: string;
  about: string;
  method?: 'GET' | 'POST';
  /** path and query */
  target: string;
  headers?: Record<string, string>;
  /** JSON, or text as it is */
  body?: unknown;
  /** whether it is sent without a token */
  open?: boolean;
};

const vonageCall = '0164705c-c206-dce9-d61a-9899855326a0';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

export const exampleRequests: readonly ExampleRequest[] = [
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
  { operation: 'getHealth', name: 'healthy', about: 'The function answers', target: '/healthz', open: true },
];
