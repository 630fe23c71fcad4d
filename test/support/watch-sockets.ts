import { type Socket, Socket as SocketClass } from 'node:net';

export type WatchedSocket = {
  socket: Socket /** `address port` of each packet that asked for a connection */;
  attempts: string[];
};

/** Sees every socket of this process that is told to connect, whoever made it, until it is stopped. */
export function watchSockets(): { sockets: WatchedSocket[]; attempts: () => string[]; stop: () => void } {
  const sockets: WatchedSocket[] = [];
  const original = SocketClass.prototype.connect;
  SocketClass.prototype.connect = function (this: Socket, ...options: unknown[]): Socket {
    const watched: WatchedSocket = { socket: this, attempts: [] };
    sockets.push(watched);
    this.on('connectionAttempt', (ip: string, port: number) => watched.attempts.push(`${ip} ${port}`));
    return Reflect.apply(original, this, options);
  };
  return {
    sockets,
    attempts: () => sockets.flatMap(({ attempts }) => attempts),
    stop: () => {
      SocketClass.prototype.connect = original;
    },
  };
}
