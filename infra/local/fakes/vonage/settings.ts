/** How a fake Vonage behaves where its facts leave a choice. */
export type VonageSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 7200 at the real one */
  readonly tokenLifeSeconds: number;
  readonly scopes: readonly string[];
  /** what a wrong secret earns is not documented */
  readonly wrongSecret: 400 | 401;
  /** the pages disagree */
  readonly windowEnd: 'included' | 'excluded';
  /** of interactions by their start; not documented */
  readonly order: 'ascending' | 'descending';
  /** not documented; undefined: for ever */
  readonly continuationLifeMs?: number;
  /** whether a file whose bytes are gone is still listed */
  readonly deletedContent: 'listed' | 'unlisted';
  /** whether content comes from the address itself or from storage: the documents' examples follow redirects */
  readonly media: 'bytes' | 'redirect';
  /** what tells a file's versions apart; no such header is documented */
  readonly validator: 'etag' | 'lastModified' | 'both' | 'none';
  readonly linkLifeMs: number;
  /** scheme and host of media files; default: the host that was asked */
  readonly filesOrigin?: string;
  /** a GUID that the analyzer does not know, in a list: not documented */
  readonly unknownGuid: AnalysisMissing;
  /** a call that it is not done with, in a list: not documented */
  readonly unprocessedGuid: AnalysisMissing;
  /** 500 or 404, for the whole list: the documents name both, for endpoints that they do not name */
  readonly malformedGuid: 'serverError' | 'notFound';
  /** of the analyzer's array against the order asked: not documented */
  readonly analysisOrder: 'asked' | 'reversed' | 'byGuid';
};

/** Left out of the array, 404 for all of it, or an item that says `processing`. */
export type AnalysisMissing = 'leftOut' | 'notFound' | 'processing';

/** Invented credentials, good for nothing but a fake. */
export const vonageDefaults: VonageSettings = {
  clientId: 'demo-vonage-client',
  clientSecret: 'demo-vonage-secret',
  tokenLifeSeconds: 7_200,
  scopes: ['interaction-content:read'],
  wrongSecret: 400,
  windowEnd: 'excluded',
  order: 'ascending',
  deletedContent: 'listed',
  media: 'bytes',
  validator: 'both',
  linkLifeMs: 3_600_000,
  unknownGuid: 'leftOut',
  unprocessedGuid: 'processing',
  malformedGuid: 'serverError',
  analysisOrder: 'asked',
};
