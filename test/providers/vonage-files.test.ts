import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedFileSchema } from '#shared/domain/media.ts';
import { vonage } from '#shared/providers/vonage/connector.ts';
import { vonageSession } from './vonage-analyzer.ts';

const [stream] = vonage.streams;
if (!stream || !vonage.media) throw new Error('no stream with media');
const { media } = vonage;

const guid = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
const of = (content: unknown, change: object = {}) =>
  stream.normalize({ listed: { guid, start: '2026-03-02T09:14:07Z', content, ...change }, detail: null, sentAt: 0 });

const recording = {
  contentKey: 'callRecording',
  type: 'callRecording',
  contentType: 'audio/wav',
  contentLength: 1984044,
  lastModified: '2026-03-02T09:21:40Z',
  properties: {},
};
const file = {
  key: 'callRecording',
  kind: 'callRecording',
  contentType: 'audio/wav',
  bytes: 1984044,
  revision: '2026-03-02T09:21:40Z',
};

describe('content files', () => {
  it('are listed under their keys', () => {
    const { files, drift, content } = of([recording, { ...recording, contentKey: 'voicemail-123', type: 'voicemail' }]);
    expect(files).toEqual([file, { ...file, key: 'voicemail-123', kind: 'voicemail' }]);
    expect([drift, content.metadata]).toEqual([[], {}]);
  });

  it.each<[object, object, string[]]>([
    [{ contentLength: 0 }, { bytes: 0 }, []],
    [{ contentLength: -1 }, { bytes: null }, ['content[].contentLength=<number>']],
    [{ contentLength: 1e300 }, { bytes: null }, ['content[].contentLength=<number>']],
    [{ contentLength: '5' }, { bytes: null }, ['content[].contentLength=<string>']],
    [{ contentType: 'any' }, { contentType: 'any' }, []],
    [{ contentType: ' ', lastModified: null }, { contentType: null, revision: null }, []],
    [{ lastModified: 'yesterday' }, { revision: 'yesterday' }, []],
    [{ type: 'hologram' }, { kind: 'hologram' }, ['content[].type=<new>']],
    [{ type: null }, { kind: 'unknown' }, ['content[].type=<new>']],
    [{ codec: 'pcm' }, {}, ['content[].codec']],
  ])('take %j for %j', (change, made, drift) => {
    expect(of([{ ...recording, ...change }])).toMatchObject({ files: [{ ...file, ...made }], drift });
  });

  it.each([[null], [''], ['.'], ['..'], [7], ['x'.repeat(513)]])(
    'need a key that can be asked for, not %j',
    (contentKey) => {
      const { files, drift } = of([{ ...recording, contentKey }, recording]);
      expect(files).toEqual([file]);
      expect(drift).toContain('content[].contentKey=<unusable>');
    },
  );

  it('hold the later of two under one key', () => {
    const later = { ...recording, contentLength: 5, lastModified: '2026-03-02T09:30:00Z' };
    expect(of([recording, later]).files).toEqual([{ ...file, bytes: 5, revision: later.lastModified }]);
  });

  it.each([[undefined], [null], [[]], [{}], [[7, null, []]]])('may be missing: %j', (content) => {
    expect(of(content).files).toEqual([]);
  });

  it('keep what the schema has no place for', () => {
    const owned = { ...recording, owningAgent: { id: 2071 }, properties: { pages: [1, 2] } };
    const planned = { ...recording, contentKey: 'ivr', type: 'ivrAudioRecording', owningInteractionPlan: { id: '9' } };
    expect(of([recording, owned, planned]).content.metadata).toEqual({
      contentFiles: [
        { contentKey: 'callRecording', owningAgentId: 2071, properties: { pages: [1, 2] } },
        { contentKey: 'ivr', owningInteractionPlanId: '9' },
      ],
    });
  });
});

describe('the channel', () => {
  const addresses = { connectFrom: '+441632960111', connectTo: '40011' };
  it.each<[string[], object, string]>([
    [[], {}, 'voice'],
    [['callRecording'], {}, 'voice'],
    [['chatTranscript', 'voicemail'], {}, 'voice'],
    [['chatTranscript', 'transcript'], {}, 'voice'],
    [['chatTranscript'], {}, 'chat'],
    [['chatTranscript', 'attachment', 'interactionLog'], addresses, 'chat'],
    [['attachment'], {}, 'chat'],
    [['attachment'], { connectFrom: 'visitor-7', connectTo: '40011' }, 'chat'],
    [['attachment'], addresses, 'voice'],
    [['videoRecording'], {}, 'voice'],
  ])('of files of %j is read off them and the addresses %j', (types, change, channel) => {
    const content = types.map((type) => ({ ...recording, contentKey: type, type }));
    expect(of(content, change).content.channel).toBe(channel);
  });
});

describe('where the bytes are', () => {
  const session = vonageSession({});
  const locate = (key: string, externalId = guid) => media.locate(session, { externalId, file: { ...file, key } });

  it.each([
    ['callRecording', 'callRecording'],
    ['voicemail-123', 'voicemail-123'],
    ['a%2Fb c', 'a%252Fb%20c'],
    ['../../../webhooks?x=1#y', '..%2F..%2F..%2Fwebhooks%3Fx%3D1%23y'],
    ['ключ', '%D0%BA%D0%BB%D1%8E%D1%87'],
  ])('is under the account, for the key %j', async (key, segment) => {
    const path = `/interaction-content/interactions/${guid}/content/${segment}`;
    expect(await locate(key)).toEqual({ from: 'account', path });
    expect((await locate(key, 'a/b')).from).toBe('account');
  });

  it('is nowhere else, whatever is listed', async () => {
    const hostile = fc.constantFrom(...'/.%25eF?#\\@:& \0\tä', '\ud83d', '😀');
    const below = 'https://emea.api.newvoicemedia.com/interaction-content/interactions/';
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: hostile, minLength: 1 }), async (contentKey) => {
        for (const listed of of([{ ...recording, contentKey }]).files) {
          expect(listedFileSchema.safeParse(listed).success).toBe(true);
          const source = await locate(listed.key);
          const url = new URL(source.from === 'account' ? source.path : '', 'https://emea.api.newvoicemedia.com');
          expect(url.href.startsWith(`${below}${guid}/content/`)).toBe(true);
          expect(url.pathname.split('/')).toHaveLength(6);
          expect(url.search + url.hash).toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', '.', '..', 'lone \ud83d'])('is not asked for with the key %j', async (key) => {
    await expect(locate(key)).rejects.toThrow('expected an id');
  });
});
