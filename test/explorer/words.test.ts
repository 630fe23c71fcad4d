import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '#explorer/operations/kinds.ts';
import { daysOf, hourMs, stateOf } from '#explorer/proof/calendar-grid.ts';
import { clockOf, fromControl, inUtc, spanOf, toControl } from '#explorer/words/times.ts';
import { artifactName, counted, nameOf, partiesOf, signed, sizeOf } from '#explorer/words/words.ts';

const hour = {
  ...{ connection: 'a', hour: '2026-03-02T09:00:00.000Z', listed: 2, stored: 2, quarantined: 0, erased: 0, expired: 0 },
  ...{ missingAtSource: 0, artifacts: {}, verifiedAt: '2026-03-02T11:00:00.000Z', computedAt: null, gaps: [] },
};

describe('words', () => {
  it('say instants, spans and places in a recording', () => {
    expect(inUtc(Date.parse('2026-03-02T09:14:07Z'))).toBe('2 Mar 2026, 09:14:07 UTC');
    expect([0, 999, 61_000, 3_600_000, 273_600_000].map(spanOf)).toEqual(['0 s', '0 s', '1 min 1 s', '1 h', '3 d 4 h']);
    expect([-5, 7_999, 247_000, 3_847_000].map(clockOf)).toEqual(['0:00', '0:07', '4:07', '1:04:07']);
  });

  it('give back the minute that a control was given', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 365 * 60 });
    void fc.assert(
      fc.property(minutes, (minute) => {
        const iso = new Date(minute * 60_000).toISOString();
        expect(fromControl(toControl(iso, 'utc'), 'utc')).toBe(iso);
      }),
    );
    expect([toControl(undefined, 'local'), toControl('nonsense', 'utc'), fromControl('', 'utc')]).toEqual(['', '', '']);
  });

  it('name people by what is known of them', () => {
    const nobody = { id: null, role: 'customer', name: null, phone: null, email: null } as const;
    expect(nameOf(nobody)).toBe('Customer');
    expect(nameOf({ ...nobody, id: '94eaace5-5285-4395-bd12-3a80e8f86940' })).toBe('Customer 94eaac');
    expect(
      partiesOf([
        { ...nobody, role: 'agent', name: 'Ada' },
        { ...nobody, phone: '+44' },
      ]),
    ).toBe('+44, Ada');
    expect(partiesOf([])).toBe('Nobody named');
  });

  it('name parts, sizes, counts and numbers', () => {
    expect(
      ['talkTime', 'media:screenRecording', 'media:recording-562b8c6e826a4a53bd9e453a0f81ff13'].map(artifactName),
    ).toEqual(['talk time', 'screen recording', 'recording 562b8c']);
    expect([999, 1_984_044].map(sizeOf)).toEqual(['999 bytes', '2.0 MB']);
    expect([counted(1, 'gap'), counted(1_200, 'gap')]).toEqual(['1 gap', '1,200 gaps']);
    expect([0.1234, 0, -0.5].map(signed)).toEqual(['+0.12', '0.00', '−0.50']);
  });
});

describe('the calendar', () => {
  it('knows what is missing from what nobody has asked for', () => {
    expect(stateOf(hour)).toBe('complete');
    expect(stateOf({ ...hour, listed: 3 })).toBe('gap');
    expect(stateOf({ ...hour, listed: 3, erased: 1 })).toBe('complete');
    expect(stateOf({ ...hour, verifiedAt: null })).toBe('waiting');
    expect(stateOf({ ...hour, listed: 0, stored: 0 })).toBe('quiet');
  });

  it('has every hour once, the newest day first', () => {
    const first = Date.parse('2026-03-01T22:00:00Z');
    const hours = Array.from({ length: 30 }, (_, i) => ({ ...hour, hour: new Date(first + i * hourMs).toISOString() }));
    const days = daysOf(hours, 'utc');
    expect(days.map(({ label }) => label)).toEqual(['Tue 3 Mar', 'Mon 2 Mar', 'Sun 1 Mar']);
    expect(days.flatMap(({ slots }) => slots.flat())).toHaveLength(30);
  });
});

describe('a form of an operation', () => {
  it('leaves out what was left empty', () => {
    const given: Record<string, string> = { connection: 'a', ids: ' x,\n y ', again: 'on', from: '' };
    const fields = [
      { name: 'connection', label: '', control: 'connection' },
      { name: 'ids', label: '', control: 'list' },
      { name: 'again', label: '', control: 'check' },
      { name: 'from', label: '', control: 'instant' },
    ] as const;
    expect(requestOf(fields, (name) => given[name] ?? '')).toEqual({ connection: 'a', ids: ['x', 'y'], again: true });
  });
});
