import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WireFault } from './faults/fault.ts';
import type { FakeReply } from './provider.ts';

/** Writes a reply by hand on its socket, where the server module would refuse to write it wrongly. */
export function sendOddly(reply: FakeReply, wire: WireFault, response: ServerResponse): void {
  const { socket } = response;
  if (!socket) return;
  // the reader going away first is what most of these faults end in
  socket.on('error', () => socket.destroy());
  const body = Buffer.from(reply.body);
  const head = headOf(reply, `content-length: ${body.length}`);
  switch (wire.kind) {
    case 'endless':
      sendEndless(reply, socket);
      break;
    case 'drip':
      sendSlowly(head, body, wire, socket);
      break;
    case 'wrongLength':
      socket.end(Buffer.concat([headOf(reply, `content-length: ${body.length + wire.difference}`), body]));
      break;
    case 'reset':
    case 'stall':
      sendPart(head, body, wire, socket);
  }
}

function sendPart(head: Buffer, body: Buffer, wire: { kind: string; afterBytes: number }, socket: Socket): void {
  const sent = wire.afterBytes < 0 ? Buffer.alloc(0) : Buffer.concat([head, body.subarray(0, wire.afterBytes)]);
  socket.write(sent, () => {
    if (wire.kind === 'reset') socket.resetAndDestroy();
  });
}

function headOf(reply: FakeReply, framing: string): Buffer {
  const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([`HTTP/1.1 ${reply.status} Odd`, ...lines, framing, '', ''].join('\r\n'), 'latin1');
}

function sendSlowly(head: Buffer, body: Buffer, wire: { bytes: number; everyMs: number }, socket: Socket): void {
  socket.write(head);
  let sent = 0;
  const timer = setInterval(() => {
    socket.write(body.subarray(sent, sent + wire.bytes));
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
