import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { compactVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { signature } from '#shared/providers/vonage/signature.ts';
import { payloadHash, senders, token } from './senders.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');
const seconds = now / 1_000;
const secret = senders.vonage.secret('ours');
const key = Buffer.from(secret, 'base64');
const body = Buffer.from('{"specversion":"1.0","type":"x","data":{}}');
const hashed = { payload_hash: payloadHash(body) };
const verify = (value: string, given = secret) =>
  signature.verify({ headers: { 'vonage-signature': value }, body, now }, given);
const genuine = { isGenuine: true, id: null };
const forged = { isGenuine: false, fault: 'signature' };
const late = { isGenuine: false, fault: 'time' };

describe("Vonage's signature", () => {
  it.each(['HS256', 'HS384', 'HS512'])(
    'is a JWT of %s as jose makes it, with or without Bearer before it',
    async (alg) => {
      const made = await new SignJWT(hashed).setProtectedHeader({ alg, typ: 'JWT' }).setIssuedAt(seconds).sign(key);
      expect(await verify(made)).toEqual(genuine);
      expect(await verify(`Bearer ${made}`)).toEqual(genuine);
      expect(await verify(`Basic ${made}`)).toEqual(forged);
      expect(await verify(`Bearer Bearer ${made}`)).toEqual(forged);
    },
  );

  it('is one to jose too', async () => {
    await expect(compactVerify(token(secret, hashed), key, { algorithms: ['HS256'] })).resolves.toBeTruthy();
  });

  it('is none without a key, with a public key, with another digest than it names, or with what must be understood', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const signed = await new SignJWT(hashed).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    const [head, claims] = token(secret, hashed, { alg: 'none' }).split('.');
    for (const value of [
      signed,
      `${head}.${claims}.`,
      `${head}.${claims}`,
      token(secret, hashed, { alg: 'none' }),
      token(secret, hashed, { alg: 'hs256' }),
      token(secret, hashed, {}),
      token(secret, hashed, { alg: 'HS512' }),
      token(secret, hashed, { alg: 'HS256', crit: ['b64'], b64: false }),
      token(Buffer.from(pem).toString('base64'), hashed),
      'a.b.c',
      '..',
    ]) {
      expect(await verify(value), value).toEqual(forged);
    }
    expect(await verify(signed, pem)).toEqual(forged);
    expect(await verify(signed, Buffer.from(pem).toString('base64'))).toEqual(forged);
  });

  it('has one spelling, though decoders read the same bytes from others', async () => {
    const made = token(secret, hashed);
    const bytes = (text: string) => Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url');
    const digits = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const same = digits.map((digit) => made.slice(0, -1) + digit).filter((text) => bytes(text).equals(bytes(made)));
    expect(same).toHaveLength(4);
    for (const text of same) expect(await verify(text)).toEqual(text === made ? genuine : forged);
    expect(await verify(`${made}=`)).toEqual(forged);
  });

  it('is for this body only', async () => {
    for (const claims of [
      {},
      { payload_hash: null },
      { payload_hash: payloadHash(Buffer.from('{}')) },
      { payload_hash: hashed.payload_hash.slice(0, -1) },
      { payload_hash: [hashed.payload_hash] },
    ]) {
      expect(await verify(token(secret, claims))).toEqual(forged);
    }
    expect(await verify(token(secret, 'text' as unknown as object))).toEqual(forged);
  });

  it('must hold now where it names times', async () => {
    const times: [object, object][] = [
      [{}, genuine],
      [{ exp: seconds - 300 }, genuine],
      [{ exp: seconds - 301 }, late],
      [{ nbf: seconds + 300 }, genuine],
      [{ nbf: seconds + 301 }, late],
      [{ iat: seconds - 301, exp: seconds + 600 }, late],
      [{ iat: seconds + 301 }, late],
      [{ exp: seconds + 86_400, nbf: seconds - 86_400 }, genuine],
      [{ exp: 'tomorrow' }, forged],
      [{ iat: null }, forged],
    ];
    for (const [claims, verdict] of times) {
      expect(await verify(token(secret, { ...hashed, ...claims })), JSON.stringify(claims)).toEqual(verdict);
    }
  });

  it('is none of whatever else stands in the header or in place of the secret', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 60 }), fc.string({ maxLength: 20 }), async (value, other) => {
        expect(await verify(value, other)).toEqual(forged);
        expect(await verify(token(secret, hashed), `${other}!`)).toEqual(forged);
      }),
      { numRuns: 100 },
    );
  });
});
