import { join } from 'node:path';
import type { Access } from '../access/access.ts';
import { guardOf, startJsonService } from '../aws-json.ts';
import type { LocalServer } from '../listen.ts';
import { openDatabase } from '../sqlite.ts';
import { account, nameOfArn } from '../template/arns.ts';
import { askedOfSqs } from './asked.ts';
import { messageSchema, openMessageStore } from './message-store.ts';
import { queueOperations } from './queue-operations.ts';
import { queueSchema, requireQueue } from './queue-store.ts';
import { receiveOperations } from './receive-operations.ts';
import { sendMessage, sendOperations } from './send-operations.ts';
import type { SqsContext } from './sqs-context.ts';
import { waitingReceivers } from './waiting-receivers.ts';

export type SqsOptions = {
  /** everything durable lies here; one process at a time */
  dataDir: string;
  now?: () => number;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
};

export type LocalSqs = LocalServer & {
  /** The address of a queue; it need not exist. The port changes with every start, so never keep it. */
  queueUrl(name: string): string;
  /** Puts a message on the queue, from within the process; durable when it returns. Throws QueueDoesNotExist. */
  send(queueArn: string, body: string): void;
};

/** The embedded SQS: standard queues. A message that was acknowledged survives SIGKILL, and shows at the next start. */
export async function startSqs({ dataDir, access, now = Date.now }: SqsOptions): Promise<LocalSqs> {
  const database = openDatabase(join(dataDir, 'queues.sqlite'), queueSchema + messageSchema);
  const closing = new AbortController();
  const waiting = waitingReceivers();
  const messages = openMessageStore(database, now);
  messages.releaseAll();
  const context: SqsContext = { database, messages, waiting, closing: closing.signal, now };
  const queueUrl = (name: string) => `${server.url}/${account}/${name}`;
  const server = await startJsonService(
    'SQS',
    { ...queueOperations(context, queueUrl), ...sendOperations(context), ...receiveOperations(context) },
    guardOf(access, askedOfSqs),
  );
  return {
    url: server.url,
    queueUrl,
    send(queueArn, body) {
      sendMessage(context, requireQueue(database, nameOfArn(queueArn)), { MessageBody: body });
    },
    async close() {
      closing.abort();
      waiting.wakeAll();
      await server.close();
      database.close();
    },
  };
}
