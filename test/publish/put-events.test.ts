import * as fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { envelope } from '#shared/domain/event-envelope.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { eventTypes } from '#shared/facts/events.ts';
import { putEvents } from '#shared/publish/put-events.ts';
import { epoch } from '#test/support/records.ts';
import { type FakeOutlets, fakeOutlets } from './fake-outlets.ts';

let fake: FakeOutlets;
beforeEach(() => {
  fake = fakeOutlets();
});

/** The event of a connection's change, as long as `words`. */
const eventOf = (connection: string, change: number, words = ''): EarshotEvent => ({
  ...envelope({ type: eventTypes.recovered, subject: connection, number: change, time: formatInstant(epoch) }),
  data: { connection, provider: 'vonage', href: '/', stream: `calls${words}`, change },
});

it('puts ten in a call, in order, and waits for nothing', async () => {
  const events = Array.from({ length: 25 }, (_, i) => eventOf(`c${i}`, 1));
  expect(await putEvents(fake.outlets.bus, events)).toBe(25);
  expect(fake.calls).toEqual([10, 10, 5]);
  expect(fake.events()).toEqual(events);
  expect(fake.slept).toEqual([]);
});

it('offers what was refused again after growing pauses, and then gives up', async () => {
  const events = ['a', 'b', 'c'].map((name) => eventOf(name, 1));
  let refusals = 2;
  fake.refuses = (line) => line.includes(' b/') && refusals-- > 0;
  expect(await putEvents(fake.outlets.bus, events)).toBe(3);
  expect(fake.slept).toEqual([100, 400]);
  fake.refuses = (line) => line.includes(' b/');
  expect(await putEvents(fake.outlets.bus, events)).toBe(1);
  expect(fake.slept).toEqual([100, 400, 100, 400, 1_600]);
});

it('takes an answer that counts refusals without naming them for a refusal of all', async () => {
  fake.clients.bus.onAnyCommand().resolves({ FailedEntryCount: 1 });
  expect(await putEvents(fake.outlets.bus, [eventOf('a', 1), eventOf('b', 1)])).toBe(0);
});

it('keeps a call under 256 KiB, and sends a single event that is longer by itself', async () => {
  const long = 'x'.repeat(60_000);
  const events = Array.from({ length: 9 }, (_, i) => eventOf(`c${i}`, 1, long));
  expect(await putEvents(fake.outlets.bus, events)).toBe(9);
  expect(fake.calls).toEqual([4, 4, 1]);
  expect(await putEvents(fake.outlets.bus, [eventOf('c', 1, 'x'.repeat(300_000))])).toBe(1);
});

const story = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });

it('lets no event pass an earlier one of its subject, and none be lost, however the bus refuses', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.infiniteStream(fc.nat(2)), async (subjects, whims) => {
      fake = fakeOutlets();
      fake.refuses = () => whims.next().value === 0;
      const events = subjects.map((subject, i) => eventOf(subject, i + 1));
      const told = await putEvents(fake.outlets.bus, events);
      const sent = fake.events();
      for (const [subject, ofSubject] of Map.groupBy(events, (event) => event.subject)) {
        const taken = sent.filter((event) => event.subject === subject);
        expect(taken).toEqual(ofSubject.slice(0, taken.length));
      }
      expect(sent).toEqual(expect.arrayContaining(events.slice(0, told)));
      if (told < events.length) expect(sent).not.toContainEqual(events[told]);
    }),
    { numRuns: 60 },
  );
});
