import * as fc from 'fast-check';

/** Invented answers of Vonage in which everything can be read. */

const text = fc
  .string({ unit: fc.constantFrom(...'ab é日\u{1F600}'), minLength: 1, maxLength: 6 })
  .map((a) => `x${a}x`);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const address = maybe(fc.constantFrom('+441632960111', '40011', 'ada@acme.example', 'sip:x@acme.example', 'visitor-1'));
const score = fc.integer({ min: -100, max: 100 }).map((hundredth) => hundredth / 100);
const seconds = fc.nat(9_999_999).map((ms) => ms / 1000);
/** An interaction as Interaction Content lists it, with what the analyzer says of it. */
export const arbitraryInteraction = fc.record({
  item: fc.record({
    guid: fc.uuid(),
    start: fc.constantFrom('2026-03-02T09:14:07Z', '2026-03-02T09:14:07.250Z'),
    connectFrom: address,
    connectTo: address,
    direction: fc.constantFrom('inbound', 'outbound', 'internal', null),
    handlingAgents: fc.array(fc.record({ id: fc.constantFrom('7', '8', '9') }), { maxLength: 3 }),
    content: fc.uniqueArray(
      fc.record({
        contentKey: text,
        type: fc.constantFrom('callRecording', 'voicemail', 'chatTranscript', 'attachment'),
        contentType: fc.constantFrom('audio/wav', 'application/json'),
        contentLength: fc.nat(),
        owningAgent: fc.option(fc.record({ id: text }), { nil: undefined }),
        lastModified: fc.constant('2026-03-02T09:21:40Z'),
        properties: fc.constantFrom({}, { pages: 2 }),
      }),
      { maxLength: 3, selector: ({ contentKey }) => contentKey },
    ),
    brandNew: fc.option(fc.record({ tier: text }), { nil: undefined }),
  }),
  analysis: fc.oneof(
    fc.record({ status: fc.constantFrom('processing', 'failed') }),
    fc.record({
      status: fc.constant('processed'),
      language: maybe(fc.constantFrom('en-gb', 'de-DE')),
      confidence: maybe(fc.constantFrom('Low', 'high')),
      transcript: maybe(fc.array(text, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'))),
      callTimeBreakDown: maybe(
        fc.record({ agent: seconds, customer: seconds, silence: seconds, crossTalk: maybe(seconds) }),
      ),
      categories: fc.array(
        fc.record({
          category: maybe(text),
          categories: fc.array(fc.record({ name: text, matches: maybe(fc.nat(99).map(String)) }), {
            minLength: 1,
            maxLength: 2,
          }),
        }),
        { maxLength: 3 },
      ),
      sentimentSummary: maybe(
        fc.record({
          overallSentiment: score,
          categories: maybe(
            fc.constant({ veryNegative: 20, negative: 20, neutral: 20, positive: 20, veryPositive: 20 }),
          ),
          distributionOverTime: fc.array(
            score.map((one) => ({ score: one, span: { start: 0, end: 10 } })),
            { maxLength: 2 },
          ),
          model: fc.option(text, { nil: undefined }),
        }),
      ),
    }),
  ),
});
