import { jsonTextAnswer, pathOf } from '#infra/local/fakes/exchange.ts';
import { serveFake } from '#infra/local/fakes/serve.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { interactionText } from '#infra/local/fakes/talkdesk/rows.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';

/**
 * A provider in a process of its own that gives as many pages as its argument says, out of ten that come again and
 * again, so that it stays small however many are read. The address is printed.
 */
const pages = Number(process.argv[2]);
const different = 10;
const world = inventTalkdeskWorld(
  'bench',
  benchNow - 3 * 3_600_000,
  benchNow - 3_600_000,
  different * pageSize,
  talkdeskShape,
);
const fake = fakeTalkdesk({ world, now: () => benchNow, settings: { tokenLifeSeconds: 1_000_000 } });
const texts = Array.from({ length: different }, (_, page) =>
  world.interactions
    .slice(page * pageSize, (page + 1) * pageSize)
    .map((record) => interactionText(record, benchNow * 1_000))
    .join(','),
);

const { origin } = await serveFake({
  requests: fake.requests,
  handle: (request) => {
    if (pathOf(request) !== '/conversations/interactions') return fake.handle(request);
    const page = Number(new URL(request.url).searchParams.get('cursor'));
    const links = page + 1 < pages ? { next: { href: `${talkdeskDefaults.nextBase}?cursor=${page + 1}` } } : {};
    return jsonTextAnswer(
      200,
      `{"_embedded":{"interactions":[${texts[page % different]}]},"_links":${JSON.stringify(links)}}`,
    );
  },
});
process.stdout.write(`${origin}\n`);
