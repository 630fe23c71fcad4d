/** Milliseconds to a connection: its name looked up, TLS agreed. */
export const connectMs = 5_000;

/** What every connection to a provider or to a host out of its data keeps to. */
export const agentOptions = {
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
  // A frozen Lambda wakes up with dead sockets: short enough that most are gone, and a GET survives the rest.
  keepAliveTimeout: 10_000,
  keepAliveMaxTimeout: 60_000,
  connections: 8,
  allowH2: false,
};
