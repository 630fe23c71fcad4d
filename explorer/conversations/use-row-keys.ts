import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Arrow keys, and j and k, go from row to row; `/` goes to the filters. Nothing is taken from who is typing. */
export function useRowKeys(body: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, textarea, dialog')) return;
      if (event.key === '/') return focus(event, document.querySelector<HTMLElement>('.filters select'));
      const step = steps[event.key];
      const links = [...(body.current?.querySelectorAll<HTMLElement>('a.row-link') ?? [])];
      if (step === undefined || links.length === 0) return;
      const at = links.indexOf(document.activeElement as HTMLElement);
      // Arrows scroll the page until somebody is in the list.
      if (at < 0 && event.key.startsWith('Arrow')) return;
      focus(event, links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + step))] ?? null);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [body]);
}

function focus(event: KeyboardEvent, element: HTMLElement | null): void {
  event.preventDefault();
  element?.focus();
}
