import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Packing of JSON text: raw deflate with a preset dictionary. On conversations of 30 turns it is as small as brotli's
 * middle levels at half of their CPU (docs/adr/0003-item-layout.md). A dictionary must never change while items packed
 * with it exist: a new one gets a mark.
 */
/** What records were packed with before they had files. */
const firstRecordDictionary = Buffer.from(
  '"distribution":"overTime":"original":"group":"matches":"reason":"permissionMissing"absent"actionItems":"invitees":' +
    '"accountId":"recordingId":"transcriptionId":"userId":"organizationId":"isApi":"mediaType":"video","platform":"zoom",' +
    '"ownerId":"customerId":"queues":"ringGroups":["support"],"sources":["STT"]"salesloft"meeting"unknown"outbound"' +
    'id":null,"name":null@example.com","phone":null,"role":"customer",' +
    '{"provider":"talkdesk","connection":"support","externalId":"","channel":"voice","direction":"inbound",' +
    '"status":"completed","title":null,"language":null,"startedAt":"2026-11-20T","endedAt":"2026-11-20T","durationMs":null,' +
    '"providerCreatedAt":null,"providerUpdatedAt":null,"participants":[{"id":"","role":"agent","name":"","phone":null,' +
    '"email":null}],"sentiment":null,"categories":[],"talkTime":null,"summary":null,"media":[],"metadata":{},' +
    '"source":"present","observedAt":"2026-11-20T","updatedAt":"2026-11-20T","firstSeenAt":"2026-11-20T","stamp":null,' +
    '"completedVersion":1,"artifacts":{"sentiment":{"state":"pending"},"summary":{"state":"ready","at":"2026-11-20T"},' +
    '"transcript":{"state":"ready","at":"2026-11-20T"}}}',
);

/** The skeleton of a record in the order of its fields, what is rarer before it: the nearer the end, the cheaper a hit. */
const recordDictionary = Buffer.from(
  '"distribution":"overTime":"original":"group":"matches":"reason":"permissionMissing"absent"actionItems":"invitees":' +
    '"video/webm""audio/wav","categories":"talkTime":"screenRecording","kind":"screenRecording"' +
    '"callRecording","kind":"callRecording","contentType":"audio/mpeg","bytes":,"sha512":"","object":"media/' +
    '"recordingList":[{"id":"","type":"conversation","index":0,"duration":,"createdAt":"2026-11-20T"recording-' +
    '"accountId":"recordingId":"transcriptionId":"userId":"organizationId":"isApi":"mediaType":"video","platform":"zoom",' +
    '"ownerId":"customerId":"queues":"ringGroups":["support"],"sources":["STT"]"salesloft"meeting"unknown"outbound"' +
    '"copiedRevision":null},{"key":"transcriptArtifact","kind":"transcriptArtifact","contentType":"application/json",' +
    'id":null,"name":null@example.com","phone":null,"role":"customer",' +
    '{"provider":"talkdesk","connection":"support","externalId":"","channel":"voice","direction":"inbound",' +
    '"status":"completed","title":null,"language":null,"startedAt":"2026-11-20T","endedAt":"2026-11-20T","durationMs":null,' +
    '"providerCreatedAt":null,"providerUpdatedAt":null,"participants":[{"id":"","role":"agent","name":"","phone":null,' +
    '"email":null}],"sentiment":null,"categories":[],"talkTime":null,"summary":null,"metadata":{},' +
    '"source":"present","observedAt":"2026-11-20T","updatedAt":"2026-11-20T","firstSeenAt":"2026-11-20T","stamp":null,' +
    '"completedVersion":null,"artifacts":{"media:recording":{"state":"pending","at":"2026-11-20T"},' +
    '"media:transcriptArtifact":{"state":"pending","at":"2026-11-20T"},' +
    '"sentiment":{"state":"pending"},"summary":{"state":"ready","at":"2026-11-20T"},' +
    '"transcript":{"state":"ready","at":"2026-11-20T"}},"media":[],"files":[{"key":"recording","kind":"recording",' +
    '"contentType":null,"bytes":null,"revision":null,"copiedRevision":null}]}',
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

/** With what a text is packed, and the byte that says so before it; none for what was there from the beginning. */
type Pack = { dictionary: Buffer; mark: number | null };

/** Block type 3, which no deflate stream has (RFC 1951, 3.2.3), and the number of the dictionary above it. */
const markOf = (number: number): number => 0b110 | (number << 3);

/** The latest first: it packs, and all of them unpack. */
const packs: Readonly<Record<Packing, readonly [Pack, ...Pack[]]>> = {
  record: [
    { dictionary: recordDictionary, mark: markOf(1) },
    { dictionary: firstRecordDictionary, mark: null },
  ],
  transcript: [{ dictionary: transcriptDictionary, mark: null }],
};

/**
 * Small buffers, because records are small and setting up deflate's state costs more than deflating them: a third less
 * CPU at the same size. Longer texts only see 8 KB back instead of 32.
 */
const settings = { level: 3, windowBits: 13, memLevel: 6, chunkSize: 2_048 } as const;

export function pack(text: string, packing: Packing): Buffer {
  const [{ dictionary, mark }] = packs[packing];
  const bytes = deflateRawSync(text, { ...settings, dictionary });
  return mark === null ? bytes : Buffer.concat([Buffer.of(mark), bytes]);
}

export function unpack(bytes: Uint8Array, packing: Packing): string {
  const marked = packs[packing].find(({ mark }) => mark === bytes[0]);
  const dictionary = (marked ?? packs[packing].find(({ mark }) => mark === null))?.dictionary;
  const stream = marked ? bytes.subarray(1) : bytes;
  return inflateRawSync(stream, dictionary ? { dictionary } : {}).toString('utf8');
}
