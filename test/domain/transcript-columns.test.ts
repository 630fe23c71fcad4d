import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeTranscript, encodeTranscript } from '#shared/domain/transcript-columns.ts';
import { pack, unpack } from '#shared/storage/pack.ts';
import { arbitraryTranscript } from '#test/support/records.ts';

it('a transcript comes back from its packed columns as it was', () => {
  void fc.assert(
    fc.property(arbitraryTranscript, (transcript) => {
      expect(decodeTranscript(unpack(pack(encodeTranscript(transcript), 'transcript'), 'transcript'))).toEqual(
        transcript,
      );
    }),
  );
});
