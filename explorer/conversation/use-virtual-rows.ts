import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { offsetsOf, rowAt, windowOf } from './window.ts';

/** Height of a turn of one line that was never drawn, and turns drawn beyond both edges. */
const guess = 52;
const around = 8;

/** Rows in a box that scrolls, of which only those in sight are drawn. Each tells its height when it is. */
export function useVirtualRows(box: RefObject<HTMLElement | null>, count: number) {
  const [view, setView] = useState({ top: 0, height: 800 });
  const [measured, setMeasured] = useState<ReadonlyMap<number, number>>(() => new Map());
  const offsets = useMemo(() => offsetsOf(count, measured, guess), [count, measured]);
  useScroll(box, setView);
  const { first, end } = windowOf(offsets, view.top, view.height, around);

  // What is measured above the eye must not move what is in sight: the row at the top stays there.
  const before = useRef(offsets);
  useLayoutEffect(() => {
    const element = box.current;
    const known = before.current;
    before.current = offsets;
    if (!element || known === offsets || known.length !== offsets.length) return;
    const row = rowAt(known, element.scrollTop);
    const shift = (offsets[row] ?? 0) - (known[row] ?? 0);
    if (Math.abs(shift) > 0.5) element.scrollTop += shift;
  }, [box, offsets]);

  const measure = useMeasuring(setMeasured);
  const show = (row: number) => {
    const element = box.current;
    if (!element) return;
    const top = offsets[row] ?? 0;
    const isInSight = top >= element.scrollTop && (offsets[row + 1] ?? top) <= element.scrollTop + element.clientHeight;
    if (isInSight) return;
    element.scrollTop = Math.max(0, top - element.clientHeight / 3);
  };
  return { first, end, measure, show, height: offsets[count] ?? 0, topOf: (row: number) => offsets[row] ?? 0 };
}

function useScroll(box: RefObject<HTMLElement | null>, set: (view: { top: number; height: number }) => void): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let asked = 0;
    const look = () => {
      asked = 0;
      set({ top: element.scrollTop, height: element.clientHeight });
    };
    // Once a frame at most: a wheel tells of more.
    const onScroll = () => {
      if (asked === 0) asked = requestAnimationFrame(look);
    };
    look();
    element.addEventListener('scroll', onScroll, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      cancelAnimationFrame(asked);
      element.removeEventListener('scroll', onScroll);
      resized.disconnect();
    };
  }, [box]);
}

type SetMeasured = (change: (known: ReadonlyMap<number, number>) => ReadonlyMap<number, number>) => void;

/** Watches the rows that are drawn; heights that changed are told together. */
function useMeasuring(setMeasured: SetMeasured): (row: number, element: HTMLElement) => () => void {
  const rows = useRef(new Map<Element, number>());
  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        const heights = entries.flatMap(({ target }) => {
          const row = rows.current.get(target);
          // Who has left the page has no height any more.
          return row === undefined || !target.isConnected
            ? []
            : [[row, target.getBoundingClientRect().height] as const];
        });
        setMeasured((known) => {
          const changed = heights.filter(([row, height]) => Math.abs((known.get(row) ?? 0) - height) > 0.5);
          return changed.length === 0 ? known : new Map([...known, ...changed]);
        });
      }),
    [setMeasured],
  );
  useEffect(() => () => observer.disconnect(), [observer]);
  return useCallback(
    (row, element) => {
      rows.current.set(element, row);
      observer.observe(element);
      return () => {
        rows.current.delete(element);
        observer.unobserve(element);
      };
    },
    [observer],
  );
}
