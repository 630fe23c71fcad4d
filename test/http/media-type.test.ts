import { expect, test } from 'vitest';
import { fileType, isOtherType } from '#shared/http/media-type.ts';

test.each<[answered: string | undefined, announced: string | null, type: string]>([
  ['audio/mpeg', 'audio/wav', 'audio/mpeg'],
  ['Audio/WAV; codecs="1"', null, 'audio/wav'],
  [' text/vtt ', null, 'text/vtt'],
  [undefined, 'audio/wav', 'audio/wav'],
  ['', 'audio/wav', 'audio/wav'],
  ['any', 'audio/wav', 'audio/wav'],
  ['application/octet-stream', 'audio/wav', 'audio/wav'],
  ['binary/octet-stream', 'any', 'application/octet-stream'],
  ['audio/wav\r\nx: y', null, 'application/octet-stream'],
  ['<b>/x', 'a/b/c', 'application/octet-stream'],
  [`audio/${'x'.repeat(200)}`, null, 'application/octet-stream'],
])('%j where %j was announced is %s', (answered, contentType, type) => {
  expect(fileType(answered, { contentType })).toBe(type);
});

test.each<[answered: string | undefined, kind: string, announced: string | null, other: boolean]>([
  ['text/html', 'callRecording', null, true],
  ['Text/HTML; charset=utf-8', 'voicemail', null, true],
  ['application/xhtml+xml', 'ivrAudio', null, true],
  ['application/json', 'screenRecording', null, true],
  ['application/problem+json', 'recording', 'audio/wav', true],
  ['text/html', 'anything', 'video/mp4', true],
  ['text/html', 'transcript', 'application/json', true],
  ['application/json', 'recording', 'application/octet-stream', true],
  ['audio/wav', 'recording', null, false],
  ['audio/wav', 'recording', 'video/mp4', false],
  ['application/octet-stream', 'recording', 'audio/wav', false],
  [undefined, 'recording', 'audio/wav', false],
  ['text/html', 'attachment', null, false],
  ['text/html', 'attachment', 'text/html', false],
  ['application/json', 'transcript', 'application/json', false],
  ['application/json', 'recording', 'application/json', false],
  ['text/plain', 'chatTranscript', 'application/json', false],
])('%j for a %s announced as %j: another type, %s', (answered, kind, contentType, other) => {
  expect(isOtherType(answered, { kind, contentType })).toBe(other);
});
