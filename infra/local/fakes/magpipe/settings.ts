/** How a fake Magpipe behaves where its facts leave a choice. */
export type MagpipeSettings = {
  readonly apiToken: string;
  /** bare as every endpoint's page shows, or `{data, error}` as the introduction says of all */
  readonly envelope: 'bare' | 'wrapped';
  /** `{code, message}`, or the plain text of the stub */
  readonly errors: 'object' | 'text';
  /** `full` as the vendor's code answers; `documented` leaves out the agent's name, and of rows start and end too */
  readonly rows: 'full' | 'documented';
  /** the largest page; the documents say 100, the code has none */
  readonly mostRows: number;
  /** digits behind the second of a stamp as shown; it is kept and compared in microseconds */
  readonly stampDigits: 0 | 3 | 6;
  /** the order of calls of one moment is left to the database: `changing` makes it another for each page */
  readonly ties: 'steady' | 'changing';
  readonly linkLifeMs: number;
  /** scheme and host of recordings; default: the host that was asked */
  readonly filesOrigin?: string;
  /** get-signed-recording-url as its page says, or the stub that stands in the code */
  readonly signedUrls: 'documented' | 'stub';
};

/** An invented token, good for nothing but a fake. */
export const magpipeDefaults: MagpipeSettings = {
  apiToken: 'mgp_demo-magpipe-token',
  envelope: 'bare',
  errors: 'object',
  rows: 'full',
  mostRows: 100,
  stampDigits: 6,
  ties: 'steady',
  linkLifeMs: 3_600_000,
  signedUrls: 'documented',
};
