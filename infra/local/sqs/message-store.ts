import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { transaction } from '../sqlite.ts';
import { nameOfArn, queueArn } from '../template/arns.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { numberAttribute, type QueueAttributes, redrivePolicy } from './queue-attributes.ts';

export type NewMessage = { body: string; attributes: MessageAttributes; trace?: string; delaySeconds?: number };

/** Moments in milliseconds. `receipt` names this one receiving of it. */
export type Message = {
  id: string;
  body: string;
  attributes: MessageAttributes;
  trace: string | null;
  sent: number;
  receiveCount: number;
  firstReceived: number;
  /** ARN of the queue that gave the message up, on a dead-letter queue */
  source: string | null;
  receipt: string;
};

export type MessageStore = ReturnType<typeof openMessageStore>;

export const messageSchema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT, id TEXT, body TEXT, attributes TEXT, trace TEXT, sent INTEGER,
    visible INTEGER, receives INTEGER DEFAULT 0, first INTEGER, receipt TEXT, source TEXT);
  CREATE INDEX IF NOT EXISTS messages_visible ON messages (queue, visible, seq);
  CREATE INDEX IF NOT EXISTS messages_sent ON messages (queue, sent);`;

/** Messages are rows; a message is visible from its `visible` on, and each receiving moves that forward. */
export function openMessageStore(database: DatabaseSync, now: () => number) {
  const insert = database.prepare(
    'INSERT INTO messages (queue, id, body, attributes, trace, sent, visible) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const expire = database.prepare('DELETE FROM messages WHERE queue = ? AND sent < ?');
  const due = database.prepare('SELECT * FROM messages WHERE queue = ? AND visible <= ? ORDER BY visible, seq LIMIT ?');
  const take = database.prepare(
    'UPDATE messages SET visible = ?, receives = receives + 1, first = coalesce(first, ?), receipt = ? WHERE seq = ? RETURNING *',
  );
  const giveUp = database.prepare(
    'UPDATE messages SET queue = ?, source = ?, visible = ?, receives = 0, first = NULL, receipt = NULL WHERE seq = ?',
  );
  const remove = database.prepare('DELETE FROM messages WHERE queue = ? AND seq = ? AND receipt = ?');
  const find = database.prepare('SELECT visible FROM messages WHERE queue = ? AND seq = ? AND receipt = ?');
  const show = database.prepare('UPDATE messages SET visible = ? WHERE seq = ?');
  const release = database.prepare(
    'UPDATE messages SET visible = ?1, receives = receives - 1, receipt = NULL WHERE visible > ?1 AND receives > 0',
  );

  return {
    /** All or none; gives the messages' ids. */
    send: (queue: string, attributes: QueueAttributes, messages: readonly NewMessage[]): string[] =>
      transaction(database, () =>
        messages.map(({ body, attributes: own, trace, delaySeconds }) => {
          const id = randomUUID();
          const delay = delaySeconds ?? numberAttribute(attributes, 'DelaySeconds');
          const at = now();
          insert.run(queue, id, body, JSON.stringify(own), trace ?? null, at, at + delay * 1000);
          return id;
        }),
      ),

    /** Takes up to `limit` messages; what was received too often goes to the dead-letter queue instead, named in `moved`. */
    receive: (queue: string, attributes: QueueAttributes, limit: number, visibilitySeconds: number) =>
      transaction(database, () => {
        const at = now();
        expire.run(queue, at - numberAttribute(attributes, 'MessageRetentionPeriod') * 1000);
        const policy = redrivePolicy(attributes);
        const received: Message[] = [];
        const moved = new Set<string>();
        for (;;) {
          const rows = due.all(queue, at, limit - received.length);
          if (rows.length === 0 || received.length === limit) return { received, moved };
          for (const row of rows) {
            const seq = Number(row['seq']);
            if (policy && Number(row['receives']) >= policy.maxReceiveCount) {
              const deadLetters = nameOfArn(policy.deadLetterTargetArn);
              giveUp.run(deadLetters, queueArn(queue), at, seq);
              moved.add(deadLetters);
            } else {
              const taken = take.get(at + visibilitySeconds * 1000, at, randomUUID(), seq);
              if (taken) received.push(messageOf(taken));
            }
          }
          // Taken with no time to hide, they are still visible: do not take them twice.
          if (visibilitySeconds === 0 && received.length > 0) return { received, moved };
        }
      }),

    /** A receipt from an earlier receiving deletes nothing and is no error, as on AWS. */
    remove: (queue: string, receipt: string): void => void remove.run(queue, ...parseReceipt(receipt)),

    changeVisibility(queue: string, receipt: string, seconds: number): void {
      const [seq, token] = parseReceipt(receipt);
      const row = find.get(queue, seq, token);
      if (!row || Number(row['visible']) <= now()) {
        throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
      }
      show.run(now() + seconds * 1000, seq);
    },

    /**
     * Shows whatever was received and not deleted, on all queues, as if it had not been. For the start: who received it
     * is gone with the process before, and that says nothing against a message.
     */
    releaseAll: (): void => void release.run(now()),

    purge: (queue: string): void => void database.prepare('DELETE FROM messages WHERE queue = ?').run(queue),

    /** How many can be received now, are received and not deleted, and were sent with a delay that has not ended. */
    counts(queue: string, attributes: QueueAttributes): { visible: number; inFlight: number; delayed: number } {
      const at = now();
      expire.run(queue, at - numberAttribute(attributes, 'MessageRetentionPeriod') * 1000);
      const row = database
        .prepare(
          `SELECT count(*) FILTER (WHERE visible <= ?1) AS visible,
             count(*) FILTER (WHERE visible > ?1 AND receives > 0) AS inFlight,
             count(*) FILTER (WHERE visible > ?1 AND receives = 0) AS delayed FROM messages WHERE queue = ?2`,
        )
        .get(at, queue);
      return {
        visible: Number(row?.['visible']),
        inFlight: Number(row?.['inFlight']),
        delayed: Number(row?.['delayed']),
      };
    },

    /** When the next hidden message can be received; undefined if none is hidden. */
    nextVisible(queue: string): number | undefined {
      const row = database
        .prepare('SELECT min(visible) AS next FROM messages WHERE queue = ? AND visible > ?')
        .get(queue, now());
      return row?.['next'] == null ? undefined : Number(row['next']);
    },
  };
}

function messageOf(row: Record<string, unknown>): Message {
  return {
    id: String(row['id']),
    body: String(row['body']),
    attributes: JSON.parse(String(row['attributes'])),
    trace: row['trace'] === null ? null : String(row['trace']),
    sent: Number(row['sent']),
    receiveCount: Number(row['receives']),
    firstReceived: Number(row['first']),
    source: row['source'] === null ? null : String(row['source']),
    receipt: `${row['seq']}.${row['receipt']}`,
  };
}

function parseReceipt(receipt: string): [seq: number, token: string] {
  const match = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(receipt);
  if (!match?.[1] || !match[2]) {
    throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is not a valid receipt handle.');
  }
  return [Number(match[1]), match[2]];
}
