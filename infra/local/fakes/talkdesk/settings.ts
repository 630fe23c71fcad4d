/** How a fake Talkdesk behaves where its facts leave a choice. */
export type TalkdeskSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** for clients that sign (private_key_jwt); `pem` is the public key */
  readonly clientKey?: { readonly keyId: string; readonly pem: string };
  /** not documented; public code assumes an hour */
  readonly tokenLifeSeconds: number;
  readonly scopes: readonly string[];
  /** not documented */
  readonly pageSize: number;
  /** not documented; undefined: for ever */
  readonly cursorLifeMs?: number;
  /** the order of interactions by their start is not documented */
  readonly order: 'ascending' | 'descending';
  /** where `_links.next.href` points: another host than the API's */
  readonly nextBase: string;
  /** the three ways in which media has been seen or described */
  readonly media: 'redirect' | 'json' | 'bytes';
  /** a known call whose recordings are not ready */
  readonly notReady: 'emptyList' | 'notFound';
  readonly linkLifeMs: number;
  /** scheme and host of media files; default: the host that was asked */
  readonly filesOrigin?: string;
  /** in place of that: media files on the port that was asked, under this name */
  readonly filesHost?: string;
};

/** Invented credentials, good for nothing but a fake. */
export const talkdeskDefaults: TalkdeskSettings = {
  clientId: 'demo-talkdesk-client',
  clientSecret: 'demo-talkdesk-secret',
  tokenLifeSeconds: 3_600,
  scopes: ['interactions-public:read', 'recordings:read'],
  pageSize: 50,
  order: 'ascending',
  nextBase: 'https://conversations.talkdesk.com/interactions',
  media: 'redirect',
  notReady: 'emptyList',
  linkLifeMs: 3_600_000,
};
