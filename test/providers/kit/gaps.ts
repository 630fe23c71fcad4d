import { mediaKeyOf } from '#shared/domain/media.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { Fixture } from '../fixtures.ts';

/** What a provider's folder of fixtures lacks for the kit to mean something, in words. */
export function gapsOf(connector: Connector, fixtures: readonly Fixture[]): string[] {
  const ofConnector = connector.media && !fixtures.some(({ recorded }) => isBroken(recorded.media)) ? [noMedia] : [];
  return [...connector.streams.flatMap(({ name }) => gapsOfStream(connector, name, fixtures)), ...ofConnector];
}

const noMedia = 'no scenario with media whose connection breaks';

const isBroken = (media: Fixture['recorded']['media']): boolean =>
  Object.values(media ?? {}).some(({ brokenAt }) => brokenAt.length > 0);

function gapsOfStream({ promised }: Connector, name: string, fixtures: readonly Fixture[]): string[] {
  const own = fixtures.filter(({ stream }) => stream.name === name);
  const late = own.flatMap(({ recorded: { changed = {} } }) => Object.values(changed).flat());
  const missed = promised.filter((kind) => mediaKeyOf(kind) === null && !late.includes(kind));
  return [
    ...(own.some(({ scenario }) => scenario === 'walk') ? [] : [`${name}: no scenario "walk"`]),
    ...own.flatMap(({ name: file, recorded: { changed, fails, later } }) =>
      (changed === undefined && fails === undefined) === (later === undefined) ? [] : [`${file}: "later" for nothing`],
    ),
    ...missed.map((kind) => `${name}: no scenario in which ${kind} comes late`),
  ];
}
