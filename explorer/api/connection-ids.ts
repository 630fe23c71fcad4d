import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ConnectionState } from './answers.ts';
import { ask } from './ask.ts';
import { session } from './session.ts';

/** Connections that the caller may see; asked for once. */
export const connectionIds = signal<readonly string[]>([]);

effect(() => {
  if (!session.value) connectionIds.value = [];
});

/** Asks for them where nobody has yet. Without an answer the controls offer none. */
export function useConnectionIds(): void {
  useEffect(() => {
    if (connectionIds.value.length > 0) return;
    ask<{ connections: ConnectionState[] }>('/v1/connections')
      .then(({ connections }) => {
        connectionIds.value = connections.map(({ id }) => id).sort();
      })
      .catch(() => undefined);
  }, []);
}
