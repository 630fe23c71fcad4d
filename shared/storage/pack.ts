import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Packing of JSON text: raw deflate with a preset dictionary. On conversations of 30 turns it is as small as brotli's
 * middle levels at half of their CPU (docs/adr/0003-item-layout.md). A dictionary must never change while items packed
 * with it exist: a new one needs a new schema number.
 */
const recordDictionary = Buffer.from(
  '"original":{"overallSentiment":"distribution":{"veryNegative":"negative":"neutral":"positive":"veryPositive":' +
    '"overTime":[{"startPercent":0,"endPercent":"group":"matches":"talkTime":{"agentMs":"customerMs":"silenceMs":"crossTalkMs":' +
    '"contentType":"audio/mpeg","bytes":"sha512":"reason":"notAsked"permissionMissing"absent"overdue"' +
    '"provider":"talkdesk","provider":"salesloft","connection":"support"sales"externalId":"source":"present",' +
    '"channel":"voice","channel":"meeting","chat"sms"digital"direction":"outbound","direction":"unknown","direction":"inbound",' +
    '"status":"completed","title":null,"title":"language":null,"language":"en-GB","en-US","startedAt":"2026-0","endedAt":"2026-1' +
    '"durationMs":null"providerCreatedAt":null,"providerUpdatedAt":null,"providerCreatedAt":"2026-"providerUpdatedAt":"2026-' +
    '"participants":[{"id":"role":"agent","name":"@example.com"phone":null,"email":null},{"id":null,"role":"customer","name":null,"phone":"+44"email":"' +
    '"sentiment":{"score":null,"label":"sentiment":null,"categories":[],"talkTime":null,"summary":null,"media":[],"metadata":{"queues":["support"],' +
    '"ringGroups":["customerId":"platform":"zoom","mediaType":"video","organizationId":"ownerId":"userGuid":"actionItems":' +
    '"observedAt":"2026-"firstSeenAt":"2026-1"stamp":null,"completedVersion":null,"completedVersion":1,' +
    '"artifacts":{"transcript":{"state":"ready","at":"2026-"},"sentiment":{"state":"pending","at":"2026-1"summary":{"state":"ready","at":"2026-',
);

const transcriptDictionary = Buffer.from(
  ' unsubscribe appointment subscription replacement technician available reference department information experience' +
    ' delivered tomorrow yesterday understand manager transfer problem question contract invoice payment refund account number email' +
    ' address password details confirm morning afternoon minutes moment please sorry calling support customer service order delivery' +
    ' parcel product company team price quote meeting demo next week today time right good great thanks Thank you very much' +
    " I'm sorry to hear that. Could you please Can you Let me check that for you. How can I help you today? Is there anything else" +
    " I would like to I'll send you an email That sounds good. Yes, that's right. No, that is all. Have a nice day. Hello, this is" +
    ' what is the we can you have do not with your from about have been will be going to of the and the for the in the on the it is' +
    '","neutral","negative","positive","neutral",null,null,["en-GB",[0,1,0,1,0,1,0,1],[1,0,1,0,1,0,1,0],["',
);

export type Packing = 'record' | 'transcript';
const dictionaries: Readonly<Record<Packing, Buffer>> = { record: recordDictionary, transcript: transcriptDictionary };

/**
 * Small buffers, because records are small and setting up deflate's state costs more than deflating them: a third less
 * CPU at the same size. Longer texts only see 8 KB back instead of 32.
 */
const settings = { level: 3, windowBits: 13, memLevel: 6, chunkSize: 4_096 } as const;

export const pack = (text: string, packing: Packing): Buffer =>
  deflateRawSync(text, { ...settings, dictionary: dictionaries[packing] });

export const unpack = (bytes: Uint8Array, packing: Packing): string =>
  inflateRawSync(bytes, { dictionary: dictionaries[packing] }).toString('utf8');
