/**
 * What invented people say. An exchange is a line of the company's side and the answer of the other side. Words in
 * braces are filled in: {agent} {customer} {company} {product} {number} {day} {amount}.
 */
export type Exchange = readonly [ours: string, theirs: string];

export type Topic = {
  /** a title, for meetings */
  readonly title: string;
  readonly summary: string;
  readonly action: string;
  readonly exchanges: readonly Exchange[];
};

/** One kind of talk in one language. */
export type Phrases = {
  readonly openings: readonly [Exchange, ...Exchange[]];
  readonly closings: readonly [Exchange, ...Exchange[]];
  readonly topics: readonly [Topic, ...Topic[]];
  /** fit anywhere, for long talks */
  readonly fillers: readonly [Exchange, ...Exchange[]];
};

export type Language = 'en' | 'de' | 'fr';
