import * as fc from 'fast-check';

/** Invented answers of Talkdesk in which everything can be read. */

const text = fc.string({ unit: fc.constantFrom(...'ab é日'), maxLength: 6 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const common = { text, sentiment: maybe(fc.constantFrom('positive', 'negative')), intent: maybe(text) };
const agents = { agent_id: fc.constantFrom('a1', 'a2') };
const seconds = fc.nat(999_999).map((ms) => ms / 1000);
const times = { start_time: seconds, end_time: seconds };
const bot = { ...common, source_system: fc.constant('VA') };
const speech = { ...common, ...times, source_system: fc.constant('STT') };
const typed = {
  ...common,
  source_system: fc.constant('DCE'),
  message_start_at: fc.constant('2026-03-02T09:14:08.500000Z'),
};
const said = (kind: object, more: object = {}) =>
  fc.oneof(
    fc.record({ ...kind, participant: fc.constant('customer') }),
    fc.record({ ...kind, participant: fc.constant('agent'), ...agents, ...more }),
  );
const byBot = fc.array(said(bot, { agent_id: fc.constant('va-1'), agent_name: fc.constant('Autopilot') }), {
  maxLength: 3,
});
const recorded = fc
  .uniqueArray(fc.constantFrom('r1', 'r2', 'r3'), { maxLength: 3 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id, index) =>
        fc
          .array(said(speech), { minLength: 1, maxLength: 3 })
          .map((turns) => turns.map((turn) => ({ ...turn, recording_id: id, recording_index: index }))),
      ),
    ),
  )
  .map((all) => all.flat());
const spoken = fc.array(said(speech), { maxLength: 4 });
const written = fc.array(said(typed), { maxLength: 4 });
const messages = fc
  .oneof(fc.tuple(byBot, recorded), fc.tuple(byBot, fc.oneof(spoken, written), byBot))
  .map((parts) => parts.flat())
  .map((all) => all.map((message, message_index) => ({ ...message, message_index, channel: 'VOICE' })));

/** An interaction: through a virtual agent perhaps, then spoken, recorded or not, or typed. */
export const arbitraryInteraction = fc.record({
  id: fc.uuid(),
  customer_id: maybe(fc.constantFrom('c1', 'c2')),
  started_at: fc.constant('2026-03-02T09:14:07.120000Z'),
  ended_at: fc.constantFrom('2026-03-02T09:19:55.000000Z', null),
  direction: fc.constantFrom('inbound', 'outbound', 'internal'),
  ring_groups: fc.array(text, { maxLength: 2 }),
  queues: maybe(fc.array(text, { maxLength: 2 })),
  agents: fc.array(fc.record({ id: fc.constantFrom('a1', 'a2'), name: maybe(fc.constant('Ada')) }), { maxLength: 1 }),
  messages,
  brand_new: maybe(fc.record({ tier: text })),
});
