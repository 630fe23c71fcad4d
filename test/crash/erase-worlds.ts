import { baseUrl, invent } from './salesloft-worlds.ts';
import { type CrashWorld, connectionOf, minute, pollCalls, start } from './world.ts';

const [id, fullName, email, said] = ['7f0e2d1c', 'Ada Byron', 'ada@example.com', 'SECRETWORD'];

/**
 * A person is erased who has a conversation with a recording, and is mentioned in a record that was not understood; then
 * their provider changes both, so that the next poll is shown them again.
 */
export function salesloftErasure(): CrashWorld {
  const updatesUs = [(start + minute) * 1_000];
  const invented = invent(2, ({ transcript }, i) => {
    const [sentence, ...others] = transcript?.sentences ?? [];
    if (i !== 0 || !transcript || !sentence) return { title: email, malformed: { created_at: '"soon"' }, updatesUs };
    return {
      ...{ ownerId: id, ownerEmail: email, attendees: [{ id, fullName, email, isInternal: true }], updatesUs },
      transcript: { ...transcript, sentences: [{ ...sentence, text: said }, ...others] },
    };
  });
  const [gone = '', unseen = ''] = invented.ids;
  const traces = [id, fullName, email, said];
  const recordings = { expect: ['transcript'], media: ['recording'], recheck: ['7d'] };
  return {
    ...invented,
    connection: connectionOf('salesloft', { baseUrl, lookback: '10m', ...recordings }),
    broken: 0,
    passedBy: () => invented.ids,
    // Two versions, two rows, the quarantined record, the operation and two tombstones.
    person: { participant: email, gone: [gone], unseen: [unseen], traces, puts: 8 },
    before: ['poll', 'deliver'],
    run: ['erase', 'deliver', 2 * minute, 'poll', 'deliver'],
    events: { transcripts: 1, media: 1, overdue: 0 },
    calls: [...pollCalls, 'DeleteItemCommand', 'DeleteObjectCommand', 'PutObjectCommand'],
  };
}

/** A day later: the recording has outlived its time, its conversation has not. */
export function salesloftRetention(): CrashWorld {
  const invented = invent(1, () => ({}));
  const recordings = { expect: ['transcript'], media: ['recording'], retainMedia: '1m' };
  return {
    ...invented,
    connection: connectionOf('salesloft', { baseUrl, lookback: '10m', ...recordings }),
    broken: 0,
    passedBy: () => invented.ids,
    before: ['poll', 'deliver', 24 * 60 * minute],
    run: ['retain', 'deliver'],
    events: { transcripts: 1, media: 1, overdue: 0 },
    expired: 1,
    calls: ['PutItemCommand', 'UpdateItemCommand', 'DeleteObjectCommand', 'PutEventsCommand'],
  };
}
