/** What the benchmark's conversations are like: 30 turns, about 10 KB of provider JSON each. */
export const talkdeskShape = { lateShare: 0, neverShare: 0, german: 0, french: 0, turns: { min: 30, max: 30 } };
export const benchNow = Date.parse('2026-11-02T09:00:00.000Z');
export const pageSize = 100;
