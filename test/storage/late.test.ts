import { afterEach, expect, it, vi } from 'vitest';
import { openStore } from '#shared/storage/document-client.ts';
import { late } from '#shared/storage/late.ts';
import { signedLink } from '#shared/storage/media-bytes.ts';

afterEach(() => vi.unstubAllEnvs());

it('loads once, for who asks at the same time too, and again after a failure', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('not yet')).mockResolvedValue('loaded');
  const loaded = late(load);
  await expect(loaded()).rejects.toThrow('not yet');
  expect(await Promise.all([loaded(), loaded()])).toEqual(['loaded', 'loaded']);
  expect(await loaded()).toBe('loaded');
  expect(load).toHaveBeenCalledTimes(2);
});

it('signs links with the client that the store loads late, as the environment names it', async () => {
  const endpoint = 'http://127.0.0.1:1';
  const names = { EARSHOT_TABLE: 't', EARSHOT_BUCKET: 'b', AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_S3: endpoint };
  const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  for (const [name, value] of Object.entries({ ...names, ...credentials })) vi.stubEnv(name, value);
  const link = await signedLink(openStore(), 'media/o', { type: 'audio/mpeg', disposition: 'inline' }, 60);
  const url = new URL(link);
  expect([url.origin, url.pathname, url.searchParams.get('X-Amz-Expires')]).toEqual([endpoint, '/b/media/o', '60']);
  expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
});
