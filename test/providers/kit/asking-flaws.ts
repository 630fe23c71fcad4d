import { type Flaw, flaw, good, loose } from './flaw.ts';
import { plain } from './planted.ts';

const { again, details, normalize } = good;

/** Flaws in how a connector asks for more of a record. */
export const askingFlaws: readonly Flaw[] = [
  flaw('answers a batch in another order', /a batch as it answers/, {
    details: { ...details, fetch: async (...asked) => (await details.fetch(...asked)).toReversed() },
  }),
  flaw('gives up a batch for one bad record', /quarantines a damaged record/, {
    details: {
      ...details,
      fetch: (session, listed) => {
        for (const record of listed) normalize({ listed: record, detail: null, sentAt: 0 });
        return details.fetch(session, listed);
      },
    },
  }),
  flaw(
    'takes any failure of the details for "there are none"',
    [/wait a second/, /not now/, /HTML page/, /named error/],
    {
      details: {
        ...details,
        fetch: (session, listed) => details.fetch(session, listed).catch(() => listed.map(() => ({ refused: true }))),
      },
      normalize: (answer) => {
        const told = normalize(answer);
        return answer.detail?.['refused'] ? { ...told, artifacts: { transcript: { state: 'absent' } } } : told;
      },
    },
  ),
  flaw('asks for the details twice', /asks nothing twice/, {
    details: {
      ...details,
      fetch: async (...asked) => {
        await details.fetch(...asked);
        return details.fetch(...asked);
      },
    },
  }),
  flaw('does not find a record again', /finds records again/, {
    again: { ...again, fetch: async (_session, asked) => asked.map(() => null) },
  }),
  flaw('knows less of a record when it asks again', /first seen/, {
    again: {
      ...again,
      fetch: async (session, asked) =>
        (await again.fetch(session, asked)).map(
          (answer) => answer && { ...answer, listed: { ...loose(answer.listed), title: '' } },
        ),
    },
  }),
];

const { media } = plain;
if (!media) throw new Error('the plain connector has media');
let kept: ReturnType<typeof media.locate> | null = null;

/** Flaws in where a connector finds files. */
export const mediaFlaws: readonly Flaw[] = [
  {
    name: 'gives the link to another file',
    breaks: [/byte for byte/],
    connector: {
      ...plain,
      media: { locate: async () => ({ from: 'link', href: 'https://storage.example.com/b.mp3' }) },
    },
  },
  {
    name: 'keeps the first link for ever',
    breaks: [/fresh link/],
    connector: {
      ...plain,
      media: {
        locate: (...asked) => {
          kept ??= media.locate(...asked);
          return kept;
        },
      },
    },
  },
];
