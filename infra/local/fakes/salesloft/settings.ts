/** How a fake Salesloft behaves where its facts leave a choice. */
export type SalesloftSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiKey: string;
  /** 7200 at the real one */
  readonly tokenLifeSeconds: number;
  readonly scopes: readonly string[];
  /** the role permission "Download Conversations"; without it signed links are a 403 */
  readonly mayDownload: boolean;
  /** a recording that is not there yet: both have been seen */
  readonly notReady: 'notFound' | 'noLink';
  /** not documented */
  readonly linkLifeMs: number;
  /** scheme and host of signed links; default: the host that was asked */
  readonly filesOrigin?: string;
  /** whether GET /v2/transcriptions obeys a sort_direction, which its page does not name */
  readonly transcriptionDirection: 'obeyed' | 'ignored';
};

/** Invented credentials, good for nothing but a fake. */
export const salesloftDefaults: SalesloftSettings = {
  clientId: 'demo-salesloft-client',
  clientSecret: 'demo-salesloft-secret',
  apiKey: `ak${'5a1e'.repeat(16)}`,
  tokenLifeSeconds: 7_200,
  scopes: ['conversations:read'],
  mayDownload: true,
  notReady: 'notFound',
  linkLifeMs: 3_600_000,
  transcriptionDirection: 'ignored',
};
