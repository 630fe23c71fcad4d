import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeCues } from '#functions/lookup/v1/cue-times.ts';
import { webvtt } from '#functions/lookup/v1/webvtt.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { makeTranscript, type Utterance } from '#shared/domain/transcript.ts';
import { arbitraryTranscript } from '#test/support/records.ts';

type Turn = Omit<Utterance, 'index'>;
const turn = (
  text: string,
  startMs: number | null = null,
  endMs: number | null = null,
  given: Partial<Turn> = {},
): Turn => ({
  ...{ participant: null, role: 'unknown', text, startMs, endMs, sentiment: null, intent: null },
  ...given,
});
const vtt = (turns: readonly Turn[], participants: readonly Participant[] = []) =>
  webvtt(makeTranscript(null, turns), participants);

/** A reader as strict as players are: blocks divided by empty lines, cues in order, none without length. */
function readVtt(text: string): { startMs: number; endMs: number; text: string }[] {
  expect(text.startsWith('WEBVTT\n\n') || text === 'WEBVTT\n').toBe(true);
  expect(text).not.toContain('\0');
  const blocks = text
    .replace(/\n$/, '')
    .split('\n\n')
    .slice(1)
    .filter((block) => !block.startsWith('NOTE'));
  const ms = (stamp: string) => {
    const [, h, m, s, fraction] = /^(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})$/.exec(stamp) ?? [];
    expect(h, stamp).toBeDefined();
    return ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000 + Number(fraction);
  };
  return blocks.map((block) => {
    const [, times = '', ...lines] = block.split('\n');
    const [start = '', end = ''] = times.split(' --> ');
    expect(lines.join('\n')).not.toContain('-->');
    return { startMs: ms(start), endMs: ms(end), text: lines.join('\n') };
  });
}

const plain = (text: string) =>
  text
    .replace(/^<v [^>]*>/, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('WebVTT', () => {
  test('of any transcript can be read and holds every turn that has text', () => {
    return fc.assert(
      fc.property(arbitraryTranscript, (transcript) => {
        const cues = readVtt(webvtt(transcript, []));
        const spoken = transcript.utterances.filter(({ text }) => text.trim() !== '');
        expect(cues).toHaveLength(spoken.length);
        for (const [i, cue] of cues.entries()) {
          expect(cue.endMs).toBeGreaterThan(cue.startMs);
          expect(cue.startMs).toBeGreaterThanOrEqual(cues[i - 1]?.startMs ?? 0);
        }
        const shown = cues.map((cue) => plain(cue.text)).toSorted();
        const given = spoken.map(({ text }) =>
          text
            .replaceAll('\0', '\uFFFD')
            .replaceAll(/\s*[\r\n]\s*/g, '\n')
            .trim(),
        );
        expect(shown).toEqual(given.toSorted());
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('lets no text end a cue or bring markup', () => {
    const nasty = 'a\n\n00:00:00.000 --> 00:00:09.000\r\n\r\nNOTE x <script>&amp;\0\ud800';
    const cues = readVtt(
      vtt(
        [turn(nasty, 0, 5, { role: 'agent', participant: 0 })],
        [{ id: null, role: 'agent', name: 'A <b>\n\n--> B', phone: null, email: null }],
      ),
    );
    expect(cues).toEqual([
      {
        startMs: 0,
        endMs: 5,
        text: '<v A &lt;b&gt; --&gt; B>a\n00:00:00.000 --&gt; 00:00:09.000\nNOTE x &lt;script&gt;&amp;amp;\uFFFD\uFFFD',
      },
    ]);
  });

  test('says which times are estimated, and only then', () => {
    expect(vtt([turn('a', 0, 5)])).not.toContain('NOTE');
    const text = vtt([turn('a', 0, 5), turn('b')]);
    expect(text).toContain('\n\nNOTE\n');
    expect(text).toContain('\n\nestimated 1\n');
    expect(text).toContain('\n\n0\n');
  });

  test('writes hours past two digits', () => {
    expect(vtt([turn('a', 360_000_000, 360_000_001)])).toContain('100:00:00.000 --> 100:00:00.001');
  });
});

describe('cues', () => {
  const times = (turns: readonly Turn[]) =>
    placeCues(makeTranscript(null, turns).utterances).map(({ startMs, endMs }) => [startMs, endMs]);
  const long = 'x'.repeat(100);

  test('of turns without times follow one another', () => {
    expect(times([turn(long), turn(long)])).toEqual([
      [0, 6_500],
      [6_500, 13_000],
    ]);
  });

  test('of turns without times are squeezed before the next that has one', () => {
    expect(times([turn('a', 0, 1_000), turn(long), turn(long), turn('b', 3_000, 4_000)])).toEqual([
      [0, 1_000],
      [1_000, 2_000],
      [2_000, 3_000],
      [3_000, 4_000],
    ]);
  });

  test('keep given times, sort by them, and get a length where they have none', () => {
    expect(times([turn('late', 9_000, 9_500), turn('early', 1_000, 1_000)])).toEqual([
      [1_000, 1_500],
      [9_000, 9_500],
    ]);
  });
});
