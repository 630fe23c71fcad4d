import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ByteSource, partOf, piecesOf } from './byte-source.ts';
import { bytesOf } from './exchange.ts';
import type { WireFault } from './faults/fault.ts';
import type { FakeReply } from './provider.ts';

/** Writes a reply by hand on its socket, where the server module would refuse to write it wrongly. */
export async function sendOddly(reply: FakeReply, wire: WireFault, response: ServerResponse): Promise<void> {
  const { socket } = response;
  if (!socket) return;
  // the reader going away first is what most of these faults end in
  socket.on('error', () => socket.destroy());
  const body = bytesOf(reply);
  const head = headOf(reply, `content-length: ${body.length}`);
  switch (wire.kind) {
    case 'endless':
      sendEndless(reply, socket);
      break;
    case 'drip':
      sendSlowly(head, body, wire, socket);
      break;
    case 'wrongLength':
      socket.write(headOf(reply, `content-length: ${body.length + wire.difference}`));
      await write(body, socket);
      socket.end();
      break;
    case 'close':
    case 'reset':
    case 'stall':
      await sendPart(head, body, wire, socket);
  }
}

async function sendPart(
  head: Buffer,
  body: ByteSource,
  { kind, afterBytes }: { kind: 'close' | 'reset' | 'stall'; afterBytes: number },
  socket: Socket,
): Promise<void> {
  if (afterBytes >= 0) {
    socket.write(head);
    await write(partOf(body, 0, afterBytes), socket);
  }
  if (kind === 'close') socket.end();
  // behind what was written, so that it is sent
  if (kind === 'reset') socket.write('', () => socket.resetAndDestroy());
}

/** Makes no more of it than the reader takes. */
function write(bytes: ByteSource, socket: Socket): Promise<void> {
  const gone = (): undefined => undefined;
  return pipeline(Readable.from(piecesOf(bytes), { highWaterMark: 1 }), socket, { end: false }).catch(gone);
}

function headOf(reply: FakeReply, framing: string): Buffer {
  const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([`HTTP/1.1 ${reply.status} Odd`, ...lines, framing, '', ''].join('\r\n'), 'latin1');
}

function sendSlowly(head: Buffer, body: ByteSource, wire: { bytes: number; everyMs: number }, socket: Socket): void {
  socket.write(head);
  let sent = 0;
  const timer = setInterval(() => {
    socket.write(body.slice(sent, Math.min(sent + wire.bytes, body.length)));
    sent += wire.bytes;
    if (sent >= body.length) clearInterval(timer);
  }, wire.everyMs);
  socket.on('close', () => clearInterval(timer));
}

function sendEndless(reply: FakeReply, socket: Socket): void {
  socket.write(headOf(reply, 'transfer-encoding: chunked'));
  const blank = Buffer.alloc(16 * 1024, ' ');
  const chunk = Buffer.concat([Buffer.from(`${blank.length.toString(16)}\r\n`), blank, Buffer.from('\r\n')]);
  const go = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', go);
  go();
}
