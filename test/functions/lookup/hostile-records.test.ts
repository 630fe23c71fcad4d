import { expect, test } from 'vitest';
import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { recordingOf } from '#functions/lookup/dialects/recording-of.ts';
import { transcriptionIdOf } from '#functions/lookup/dialects/salesloft/transcription-id.ts';
import { oneSchema, present } from '#functions/lookup/v1/present.ts';
import { transcriptText } from '#functions/lookup/v1/transcript-text.ts';
import { webvtt } from '#functions/lookup/v1/webvtt.ts';
import { vconSchema } from '#functions/lookup/vcon/vcon-schema.ts';
import { writeVcon } from '#functions/lookup/vcon/write-vcon.ts';
import type { ProviderName, StoredRecord } from '#shared/domain/conversation.ts';
import type { Answer, Stream } from '#shared/providers/connector.ts';
import { callSchema, pageSchema } from '#shared/providers/magpipe/wire.ts';
import { writeCall, writeRow } from '#shared/providers/magpipe/write.ts';
import { findConnector } from '#shared/providers/registry.ts';
import * as salesloft from '#shared/providers/salesloft/wire.ts';
import { writeConversation } from '#shared/providers/salesloft/write.ts';
import { writeExtensive } from '#shared/providers/salesloft/write-extensive.ts';
import { writeSentences, writeTranscription } from '#shared/providers/salesloft/write-transcription.ts';
import { createdStampOf, stampPlace, updatedStampOf } from '#shared/providers/stamps-of.ts';
import { interactionPage as talkdeskPage } from '#shared/providers/talkdesk/wire.ts';
import { writeInteraction as writeTalkdesk } from '#shared/providers/talkdesk/write-interaction.ts';
import { writeRecordings } from '#shared/providers/talkdesk/write-recordings.ts';
import { generatedFiles } from '#shared/providers/vonage/generated-files.ts';
import { analysisAnswer, interactionAnswer } from '#shared/providers/vonage/wire.ts';
import { writeAnalysis } from '#shared/providers/vonage/write-analysis.ts';
import { writeFiles, writeInteraction } from '#shared/providers/vonage/write-interaction.ts';
import { changed, pathsOf, wrongs } from '#test/providers/damage.ts';
import { fixturesOf } from '#test/providers/fixtures.ts';
import { storedOf } from '#test/providers/stored-of.ts';
import { answersFor, walkWindow } from '#test/providers/walk.ts';
import { epoch } from '#test/support/records.ts';

/** How each address shows a record, through the schema of its answer. */
const writers: Readonly<Record<string, (record: StoredRecord) => unknown>> = {
  v1: ({ conversation }) =>
    oneSchema.parse(present(conversation, { connection: undefined, content: true, now: epoch })),
  text: ({ conversation, transcript }) =>
    transcript && [
      transcriptText(transcript, conversation.participants),
      webvtt(transcript, conversation.participants),
    ],
  vcon: (record) => vconSchema.parse(writeVcon(record, 'http://a')),
  analysis: (record) =>
    [1, 2, 3].map((version) => analysisAnswer.parse(writeAnalysis(record, { guid: 'g', transcript: true, version }))),
  interaction: (record) =>
    interactionAnswer.parse(
      writeInteraction(record.conversation, 'g', [
        ...writeFiles(record.conversation),
        ...generatedFiles(record, 'g').map(({ entry }) => entry),
      ]),
    ),
  talkdesk: (record) =>
    talkdeskPage.parse({ _embedded: { interactions: [writeTalkdesk(record, 'g', fileCode)] }, _links: {} }),
  recordings: ({ conversation }) => writeRecordings(conversation, 'g', fileCode),
  magpipe: ({ conversation, transcript }) => [
    callSchema.parse(writeCall(conversation, { id: 'g', content: true, transcript, recordingUrl: null })),
    pageSchema.parse({ calls: [writeRow(conversation, { id: 'g', content: true })], total: 1, has_more: false }),
  ],
  salesloft: ({ conversation, transcript }) => {
    const shown = {
      id: 'g',
      base: 'http://a/v2',
      transcriptionId: transcriptionIdOf(conversation.uuid),
      hasArtifact: true,
      recordingType: recordingOf(conversation)?.contentType ?? null,
    };
    salesloft.conversationSchema.parse(writeConversation(conversation, shown));
    salesloft.extensiveSchema.parse(writeExtensive(conversation, { ...shown, content: true }));
    salesloft.transcriptionSchema.parse(writeTranscription(conversation, shown));
    for (const sentence of writeSentences(conversation, transcript?.utterances ?? [], shown))
      salesloft.sentenceSchema.parse(sentence);
    // Its lists have no place for a stamp that is no instant.
    for (const stamp of [createdStampOf(conversation), updatedStampOf(conversation)])
      expect(stampPlace(stamp)).not.toBeNull();
  },
};

/** The record once the bytes of its files are ours. */
function withBytes({ conversation, transcript }: StoredRecord): StoredRecord {
  const media = conversation.files.map(({ key, kind, contentType }) => ({
    ...{ key, kind, contentType: contentType ?? 'audio/wav', bytes: 7, sha512: 'ab', object: 'o' },
  }));
  return { conversation: { ...conversation, media }, transcript };
}

/** Of all wrongs some for each place, others for the next. */
const tried = 3;

test.each(['vonage', 'talkdesk', 'salesloft', 'magpipe'] as const)(
  'whatever of an answer of %s is wrong, what is stored of it can be shown by every address',
  async (provider) => {
    const connector = findConnector(provider);
    const [fixture] = connector ? fixturesOf(connector).filter(({ name }) => name.endsWith('.seed.json')) : [];
    if (!fixture) throw new Error('each provider has a seed');
    const { stream, window } = fixture;
    const session = fixture.session();
    const { records } = await walkWindow(stream, session, window);
    const seen = new Set<string>();
    let written = 0;
    for (const answer of await answersFor(stream, session, records)) {
      for (const path of pathsOf(answer)) {
        // One element of a list stands for all.
        const shape = path.map((key) => (/^\d+$/.test(String(key)) ? '#' : key)).join('.');
        if (seen.has(shape)) continue;
        seen.add(shape);
        for (let i = 0; i < tried; i += 1) {
          const wrong = wrongs[(seen.size * tried + i) % wrongs.length];
          const record = storedOrRefused(provider, stream, changed(answer, path, wrong));
          if (!record) continue;
          written += 1;
          for (const write of Object.values(writers))
            expect(() => write(record), `${shape} ${JSON.stringify(wrong)}`).not.toThrow();
        }
      }
    }
    expect(written).toBeGreaterThan(50);
  },
);

/** The record with the bytes of its files; null where the normalizer refuses the answer. */
function storedOrRefused(provider: ProviderName, stream: Stream, damaged: unknown): StoredRecord | null {
  try {
    return withBytes(storedOf(provider, stream.normalize(damaged as Answer)));
  } catch {
    return null;
  }
}
