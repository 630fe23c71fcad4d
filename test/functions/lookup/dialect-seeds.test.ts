import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { ask, clock, copyBy, recordFrom, sessionOf, setUpDialectWorld, world } from './dialect-world.ts';

setUpDialectWorld();

/** The requests of the pages that the project began with get those pages' answers. */

const exchangeOf = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${file}.seed.json`, import.meta.url), 'utf8')).exchange;

/** The same object with what differs on purpose: ids and links of parts are this API's own. */
const withOwnLinks = (row: object) =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      value?._href ? { id: expect.any(String), _href: expect.stringContaining('http://earshot.example/v2/') } : value,
    ]),
  );

describe("a seed's own request", () => {
  it('lists conversations as Salesloft does', async () => {
    const [row] = exchangeOf('salesloft/conversations')[0].body;
    const { id } = row;
    const answer = await ask(`/v2/conversations?ids=${id}`);
    // Its transcript was refused to us, so that there is none to refer to.
    const parts = { transcription: null, transcription_sentences: null, transcription_artifact: null };
    expect(JSON.parse(answer.text).data).toEqual([{ ...withOwnLinks(row), ...parts }]);
  });

  it('gets a call as Magpipe does', async () => {
    const { body: call } = exchangeOf('magpipe/calls').at(-1);
    const body = JSON.stringify({ call_id: call.id });
    const answer = await ask('/get-call', { method: 'POST', body });
    expect(JSON.parse(answer.text)).toEqual({ ...call, recording_url: expect.stringMatching(/^http:.*\?link=/) });
  });
});

describe('copies by connectors', () => {
  it.each([
    [salesloft, '/v2', 'salesloft'],
    [magpipe, '', 'magpipe'],
  ] as const)('are all there, one of its own provider equal to ours', async (connector, root, provider) => {
    // Lists by the last change end before now.
    clock.now += 60_000;
    const copies = await copyBy(connector, await sessionOf(connector, root));
    const ids = world.map(({ conversation }) =>
      conversation.provider === provider ? conversation.externalId : conversation.uuid,
    );
    expect(new Set(copies.map(({ externalId }) => externalId))).toEqual(new Set(ids));
    const own = recordFrom(provider);
    const copy = copies.find(({ externalId }) => externalId === own.conversation.externalId);
    const { metadata, ...content } = copy?.content ?? { metadata: {} };
    expect(own.conversation).toMatchObject(content);
    // The transcription is another id here.
    const { transcriptionId: _, ...kept } = own.conversation.metadata;
    expect(metadata).toEqual(expect.objectContaining(kept));
    expect(copy?.transcript ?? null).toEqual(own.transcript);
  });
});
