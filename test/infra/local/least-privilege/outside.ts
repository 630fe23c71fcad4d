import { setTimeout as delay } from 'node:timers/promises';

/** Somebody who asks the machine from outside, with a token that may do everything. */
export type Outside = ReturnType<typeof outside>;

const patienceMs = 40_000;

export function outside(address: string) {
  const authorization = 'Bearer all-scopes';
  const send = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${address}${path}`, { ...init, headers: { authorization, ...init.headers } });
  const ok = async (path: string, init: RequestInit = {}): Promise<string> => {
    const answer = await send(path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text;
  };
  const post = (path: string, body: unknown): Promise<string> =>
    ok(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  /** What is asked for, again and again until it holds this text. */
  async function until(ask: () => Promise<string>, text: string): Promise<string> {
    for (const end = Date.now() + patienceMs; ; await delay(200)) {
      const last = await ask().catch(String);
      if (last.includes(text)) return last;
      if (Date.now() > end) throw new Error(`never ${text}: ${last.slice(0, 600)}`);
    }
  }
  return {
    address,
    send,
    read: (path: string) => ok(path),
    post,
    form: async (path: string, body: URLSearchParams) =>
      (await fetch(`${address}${path}`, { method: 'POST', body })).text(),
    until,
    /** Asks for an operation and waits for its end; gives its id. */
    async operate(kind: string, request: unknown, end = '"state":"done"'): Promise<string> {
      const { id } = JSON.parse(await post(`/v1/${kind}`, request));
      await until(() => ok(`/v1/${kind}/${id}`), end);
      return String(id);
    },
  };
}
