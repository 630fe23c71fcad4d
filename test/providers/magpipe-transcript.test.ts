import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from './magpipe-worlds.ts';

const row = {
  id: 'c-1',
  agent_id: 'a-1',
  from_number: '+442079460001',
  to_number: '+442079460123',
  direction: 'inbound',
  status: 'completed',
  created_at: '2026-03-02T10:15:00Z',
};
const of = (change: object) => stream.normalize({ listed: row, detail: { call: { ...row, ...change } }, sentAt: 0 });
const turns = (change: object) => of(change).transcript?.utterances.map(({ role, text }) => [role, text]) ?? [];

describe('segments', () => {
  it('are turns with times in milliseconds, spoken by the two sides', () => {
    const transcript_segments = [
      { speaker: 'agent', text: 'Hello.', start_time: 0.4, end_time: 2.6 },
      { speaker: 'Caller', text: 'Hi.', start_time: 3.1, end_time: null },
    ];
    expect(of({ transcript_segments }).transcript).toEqual({
      language: null,
      text: 'Hello.\nHi.',
      utterances: [
        {
          index: 0,
          participant: 1,
          role: 'bot',
          text: 'Hello.',
          startMs: 400,
          endMs: 2_600,
          sentiment: null,
          intent: null,
        },
        {
          index: 1,
          participant: 0,
          role: 'customer',
          text: 'Hi.',
          startMs: 3_100,
          endMs: null,
          sentiment: null,
          intent: null,
        },
      ],
    });
  });

  it('are believed before the text, unless they say nothing', () => {
    const transcript = 'Agent: From the text.';
    const spoken = [{ speaker: 'agent', text: 'From a segment.' }];
    expect(turns({ transcript, transcript_segments: spoken })).toEqual([['bot', 'From a segment.']]);
    for (const silent of [null, [], [{ speaker: 'agent', text: ' ' }], ['agent'], 'Agent: no list'])
      expect(turns({ transcript, transcript_segments: silent })).toEqual([['bot', 'From the text.']]);
  });

  it('have speakers of other words too; a word that is new is noted', () => {
    const speakers = ['assistant', 'AI', 'bot', 'user', 'customer', 'Human', null, 'Ada Lovelace'];
    const { transcript, drift } = of({ transcript_segments: speakers.map((speaker) => ({ speaker, text: 'So.' })) });
    const roles = transcript?.utterances.map(({ role }) => role);
    expect(roles).toEqual(['bot', 'bot', 'bot', 'customer', 'customer', 'customer', 'unknown', 'unknown']);
    expect(drift).toEqual(['call.transcript_segments[].speaker=<new>']);
  });
});

describe('a text', () => {
  it.each<[string, string, unknown[]]>([
    [
      'two turns',
      'Agent: Hello.\n\nCaller: Hi.',
      [
        ['bot', 'Hello.'],
        ['customer', 'Hi.'],
      ],
    ],
    [
      'turns of single lines',
      'AGENT: Hello.\r\nUser:Hi.\rassistant : Bye.',
      [
        ['bot', 'Hello.'],
        ['customer', 'Hi.'],
        ['bot', 'Bye.'],
      ],
    ],
    ['a turn of several lines', 'Agent: One.\nTwo.\n\nThree: four.\n\n', [['bot', 'One.\nTwo.\n\nThree: four.']]],
    [
      'words before the first speaker',
      'Recorded line.\n\nCaller: Hi.',
      [
        ['unknown', 'Recorded line.'],
        ['customer', 'Hi.'],
      ],
    ],
    ['no speaker at all', 'Hello.\n\nMy number is: none.', [['unknown', 'Hello.\n\nMy number is: none.']]],
    ['a speaker who says nothing', 'Agent:\n\nCaller: Hi.', [['customer', 'Hi.']]],
    ['a word inside speech', 'Caller: I spoke to your agent: twice.', [['customer', 'I spoke to your agent: twice.']]],
  ])('has %s', (_name, transcript, expected) => {
    expect(turns({ transcript })).toEqual(expected);
  });

  it.each([null, '', ' \n ', 'Agent: \n\nCaller:'])('of %j is none', (transcript) => {
    const { transcript: made, artifacts } = of({ transcript });
    expect([made, artifacts['transcript']]).toEqual([null, { state: 'pending' }]);
  });

  it('has no times', () => {
    const [turn] = of({ transcript: 'Caller: Hi.' }).transcript?.utterances ?? [];
    expect(turn).toMatchObject({ participant: 0, startMs: null, endMs: null });
  });

  it('loses no word, whatever stands in it', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('Agent: so', 'Caller: no', 'agent', ':', ''),
    );
    const property = fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const said = turns({ transcript: lines.join('\n') }).map(([, text]) => text);
      const words = (text: string): string => text.toWellFormed().replaceAll(/\s+/g, '');
      const bare = lines
        .join('\n')
        .split(/\r\n|\r|\n/)
        .map((one) => one.replace(/^(Agent|Caller):/, ''));
      expect(words(said.join(''))).toBe(words(bare.join('')));
    });
    void fc.assert(property, { numRuns: 300 });
  });

  it('may be half a megabyte of whatever', () => {
    for (const unit of ['Agent: a\n\n', ':', ' ', 'a', '\n']) {
      const transcript = unit.repeat(500_000 / unit.length);
      expect(of({ transcript }).transcript?.text.length ?? 0).toBeLessThanOrEqual(transcript.length);
    }
  });
});
