import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignedDelivery } from '#shared/providers/webhook.ts';
import { verifyWithAny } from '#shared/webhooks/verify-with-any.ts';
import { senders } from './senders.ts';

const now = Date.parse('2026-03-02T10:00:00.400Z');
const bodies = fc.uint8Array({ maxLength: 300 });
const forged = { isGenuine: false, fault: 'signature' };

/** The same bytes with one bit turned. */
function turned(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const place = Math.floor(bit / 8) % copy.length;
  copy[place] = (copy[place] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

describe.each(Object.entries(senders))('a delivery signed as %s does', (_, { scheme, secret, sign, hasTime }) => {
  const own = secret('ours');
  const verify = (delivery: SignedDelivery, secrets = [own]) => verifyWithAny(scheme, delivery, secrets);

  it('is genuine, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect(await verify({ headers: sign(own, body, now), body, now })).toMatchObject({ isGenuine: true });
      }),
      { numRuns: 50 },
    );
  });

  it('is forged as soon as a bit of its body is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), async (body, bit) => {
        expect(await verify({ headers: sign(own, body, now), body: turned(body, bit), now })).toEqual(forged);
      }),
      { numRuns: 100 },
    );
  });

  it('is forged as soon as a bit of a header that is signed, or is the signature, is another', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), fc.nat(), async (body, which, bit) => {
        const headers = sign(own, body, now);
        const names = Object.keys(headers);
        const name = names[which % names.length] ?? '';
        const value = turned(Buffer.from(headers[name] ?? '', 'latin1'), bit).toString('latin1');
        expect(await verify({ headers: { ...headers, [name]: value }, body, now })).toEqual(forged);
      }),
      { numRuns: 300 },
    );
  });

  it('is genuine with any of the secrets, and all of them are tried', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 }), fc.nat({ max: 4 }), async (before, behind) => {
        const body = Buffer.from('{"a":1}');
        const others = (count: number, name: string) => Array.from({ length: count }, (_, i) => secret(`${name}${i}`));
        const delivery = { headers: sign(own, body, now), body, now };
        const tried: string[] = [];
        const counting: typeof scheme = {
          ...scheme,
          verify: async (signed, one) => {
            tried.push(one);
            return scheme.verify(signed, one);
          },
        };
        const all = [...others(before, 'before'), own, ...others(behind, 'behind')];
        expect(await verifyWithAny(counting, delivery, all)).toMatchObject({ isGenuine: true });
        expect(tried).toEqual(all);
        expect(await verify(delivery, [...others(before, 'x'), ...others(behind, 'y')])).toEqual(forged);
      }),
      { numRuns: 20 },
    );
  });

  it('is forged without its signature, with an empty one, with a doubled one, and under an empty secret', async () => {
    const body = Buffer.from('{"a":1}');
    const headers = sign(own, body, now);
    const [name = ''] = scheme.signatureHeaders;
    const value = headers[name] ?? '';
    for (const other of [undefined, '', ' ', `${value},${value}`, `${value}, ${value}`, `${value},x`, `x,${value}`]) {
      expect(await verify({ headers: { ...headers, [name]: other }, body, now }), other).toEqual(forged);
    }
    const unkeyed = { headers: sign('', body, now), body, now };
    expect(await verify(unkeyed, [''])).toEqual(forged);
    expect(await verify(unkeyed, [])).toEqual(forged);
  });

  it('must be sent within five minutes of now, before or after, where it tells a time', async () => {
    const late = hasTime ? { isGenuine: false, fault: 'time' } : { isGenuine: true };
    const body = Buffer.from('{"a":1}');
    const wholeNow = Math.floor(now / 1_000) * 1_000;
    for (const [seconds, verdict] of [
      [-300, { isGenuine: true }],
      [300, { isGenuine: true }],
      [-301, late],
      [301, late],
      [-86_400 * 365, late],
    ] as const) {
      const headers = sign(own, body, wholeNow + seconds * 1_000);
      expect(await verify({ headers, body, now: wholeNow }), `${seconds}`).toMatchObject(verdict);
    }
  });

  it('is no other scheme of ours', async () => {
    const body = Buffer.from('{"a":1}');
    for (const other of Object.values(senders)) {
      if (other.scheme === scheme) continue;
      expect(await verify({ headers: other.sign(own, body, now), body, now })).toEqual(forged);
    }
  });
});
