import { localCredentials } from '#infra/local/local-credentials.ts';
import { type Ask, allowing, type Grant, grantText } from './grants.ts';

/** Somebody who acts with rights of its own: a function, or a role that a service takes on. */
export type Identity = {
  /** its access key id, and the name that it goes by */
  name: string;
  grants: readonly Grant[];
};

/** A right that somebody has, or lacks, in a line. */
export type Right = { name: string; right: string };

/** Who may do what at the embedded endpoints, and who did. */
export type Access = {
  /** from now on they may act */
  admit: (identities: readonly Identity[]) => void;
  /** whether somebody of this name is known: one who was admitted, or the machine itself */
  knows: (name: string) => boolean;
  /** Whether this may be done, and notes it. The machine's own clients may do anything. */
  may: (name: string, ask: Ask) => boolean;
  /** the same, without a note of it */
  allows: (name: string, ask: Ask) => boolean;
  /** what was asked for and not allowed, each once */
  refused: () => Right[];
  /** every grant, and whether something that was done so far would not have been allowed without it */
  granted: () => (Right & { isNeeded: boolean })[];
};

/** Hears of everything that somebody with rights of its own asks for. */
export type OnAsk = (name: string, ask: Ask) => void;

/** `tell` hears of each right that somebody lacks, once. */
export function openAccess(tell: (line: string) => void, onAsk: OnAsk = () => undefined): Access {
  const known = new Map<string, Identity>();
  const needed = new Set<Grant>();
  const refused = new Map<string, Right>();

  function refuse(name: string, { action, resource, context = {} }: Ask): void {
    const about = Object.entries(context).map(([key, values]) => ` (${key}: ${values.join(', ')})`);
    const right = `${action} on ${resource}${about.join('')}`;
    if (refused.has(`${name} ${right}`)) return;
    refused.set(`${name} ${right}`, { name, right });
    tell(`${name} may not ${right}: its role does not allow it.`);
  }

  const isOwner = (name: string): boolean => name === localCredentials.accessKeyId;
  const allowingOf = (name: string, ask: Ask): Grant[] => allowing(known.get(name)?.grants ?? [], ask);

  return {
    admit: (identities) => {
      for (const identity of identities) known.set(identity.name, identity);
    },
    knows: (name) => isOwner(name) || known.has(name),
    may: (name, ask) => {
      if (isOwner(name)) return true;
      onAsk(name, ask);
      const [only, ...others] = allowingOf(name, ask);
      if (only === undefined) refuse(name, ask);
      // Of two that allow the same, either could go.
      else if (others.length === 0) needed.add(only);
      return only !== undefined;
    },
    allows: (name, ask) => isOwner(name) || allowingOf(name, ask).length > 0,
    refused: () => [...refused.values()],
    granted: () =>
      [...known.values()].flatMap(({ name, grants }) =>
        grants
          .filter(({ effect }) => effect === 'Allow')
          .map((grant) => ({ name, right: grantText(grant), isNeeded: needed.has(grant) })),
      ),
  };
}
