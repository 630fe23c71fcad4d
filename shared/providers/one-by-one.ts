import type { Batched, Session } from './connector.ts';

/** A question that the provider answers for one record at a time. */
export const oneByOne = <Asked, Told>(
  ask: (session: Session, asked: Asked) => Promise<Told>,
): Batched<Asked, Told> => ({
  most: 1,
  fetch: async (session, all) => {
    const told: Told[] = [];
    for (const asked of all) told.push(await ask(session, asked));
    return told;
  },
});
