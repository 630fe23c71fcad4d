import type { Hint } from '#shared/domain/delivery.ts';
import { type Flaw, flaw, good, loose, webhookFlaw } from './flaw.ts';
import { plain } from './planted.ts';

const { hinted } = good;
const { hints } = plain.webhook;

type Sent = { thing: string; at?: string };
/** A payload taken for what it should be. */
const trusted = (body: unknown): Sent => body as Sent; // to believe that is the flaw

/** Flaws in what a connector makes of a webhook. */
export const hintFlaws: readonly Flaw[] = [
  flaw(
    'knows less of a record when it is hinted at',
    [/listing and details give, one by one/, /comes behind the poll/, /by hints what a poll stores/],
    {
      hinted: {
        ...hinted,
        fetch: async (...asked) =>
          (await hinted.fetch(...asked)).map(
            (answer) => answer && { ...answer, listed: { ...loose(answer.listed), title: '' } },
          ),
      },
    },
  ),
  flaw('makes a record of what is not there', /id that nothing has/, {
    hinted: {
      ...hinted,
      fetch: async (session, asked) =>
        (await hinted.fetch(session, asked)).map((answer) => answer ?? { listed: {}, detail: null, sentAt: 0 }),
    },
  }),
  webhookFlaw('believes the time of an unsigned delivery', /the id alone/, (delivery) =>
    hints({ ...delivery, isSigned: true }),
  ),
  webhookFlaw('trusts what is pushed', /damaged or endless/, ({ body }) => {
    const { thing, at } = trusted(body);
    const hint: Hint = { externalId: thing, startedAt: at === undefined ? null : new Date(at).toISOString() };
    return [hint];
  }),
  webhookFlaw('knows no end', /damaged or endless/, (delivery) =>
    (Array.isArray(delivery.body) ? delivery.body : [delivery.body]).flatMap((body) => hints({ ...delivery, body })),
  ),
];
