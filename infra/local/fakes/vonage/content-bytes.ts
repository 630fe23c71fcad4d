import { recordingOf } from '../audio.ts';
import { type ByteSource, madeBytes } from '../byte-source.ts';
import { sentimentFields } from './analysis-rows.ts';
import type { VonageContent, VonageRecord } from './world.ts';

/** Bytes of content files: of each interaction, key and version others, and always the same. */

export function contentBytes(record: VonageRecord, file: VonageContent, nowUs: number): ByteSource {
  const version = versionOf(file, nowUs);
  const name = versionName(record, file, nowUs);
  if (file.bytes !== undefined) return madeBytes(name, file.bytes);
  if (file.contentType.startsWith('audio/')) return recordingOf(name);
  return file.contentType === 'application/json' ? writtenOnce(record, file, version) : madeBytes(name, 24_000);
}

/** What tells this version of this file from all other bytes. */
export function versionName(record: VonageRecord, file: VonageContent, nowUs: number): string {
  return `${record.id}/${file.contentKey}/${versionOf(file, nowUs)}`;
}

export function modifiedUs({ atUs, replacedUs = [] }: VonageContent, nowUs: number): number {
  return replacedUs.findLast((at) => at <= nowUs) ?? atUs;
}

/** 0, and one more for each time that other bytes took their place. */
function versionOf({ replacedUs = [] }: VonageContent, nowUs: number): number {
  return replacedUs.filter((at) => at <= nowUs).length;
}

const written = new WeakMap<VonageContent, { version: number; bytes: Uint8Array }>();

/** Lists tell each file's length, so a document is not written anew for each of them. */
function writtenOnce(record: VonageRecord, file: VonageContent, version: number): Uint8Array {
  const known = written.get(file);
  if (known?.version === version) return known.bytes;
  const bytes = Buffer.from(JSON.stringify({ guid: record.id, version, ...documentOf(record, file) }));
  written.set(file, { version, bytes });
  return bytes;
}

/** The inner shape of these files is published nowhere: this one is invented. */
function documentOf({ analysis }: VonageRecord, { type, text = '' }: VonageContent): Record<string, unknown> {
  switch (type) {
    case 'transcript':
      return { language: analysis?.language, phrases: phrasesOf(analysis?.transcript ?? '') };
    case 'categorizationResult':
      return { categories: analysis?.categories };
    case 'sentimentSummary':
      return { sentiment: analysis?.sentiment && sentimentFields(analysis.sentiment) };
    default:
      return { type, lines: text.split('\n') };
  }
}

function phrasesOf(transcript: string): unknown[] {
  return transcript.split('\n').map((text, i) => ({ speaker: i % 2 === 0 ? 'agent' : 'customer', start: i * 6, text }));
}
