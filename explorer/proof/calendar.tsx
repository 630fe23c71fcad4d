import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditHour } from '../api/answers.ts';
import { hourName, zone } from '../parts/clock.tsx';
import { counted } from '../words/words.ts';
import { daysOf, type HourState, missingOf, stateOf } from './calendar-grid.ts';

const stateWords: Readonly<Record<HourState, string>> = {
  complete: 'complete',
  waiting: 'not verified yet',
  gap: 'conversations are missing',
  quiet: 'verified, nothing happened',
};

type Props = { hours: readonly AuditHour[]; selected: string | null; onSelect: (hour: string) => void };

/** The hours of the books, a day a line. Arrow keys go from hour to hour, Enter opens one. */
export function Calendar({ hours, selected, onSelect }: Props) {
  const grid = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const table = grid.current;
    const onKey = (event: KeyboardEvent) => moveFocus(event, table);
    table?.addEventListener('keydown', onKey);
    return () => table?.removeEventListener('keydown', onKey);
  }, []);
  const days = daysOf(hours, zone.value);
  const newest = hours.at(-1)?.hour ?? null;
  const [at, setAt] = useState<string | null>(null);
  const entry = [at, selected, newest].find((hour) => hour !== null && hours.some((one) => one.hour === hour));
  return (
    <div class="calendar">
      <table ref={grid} aria-label="Hours of the books">
        <thead>
          <tr>
            <td />
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col">
                {hour % 3 === 0 ? String(hour).padStart(2, '0') : <span class="unseen">{hour}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ label, slots }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {slots.map((slot, hour) => (
                <td key={hour}>
                  {slot.map((one) => (
                    <Cell
                      key={one.hour}
                      hour={one}
                      isSelected={one.hour === selected}
                      isEntry={one.hour === entry}
                      onSelect={onSelect}
                      onFocus={setAt}
                    />
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="legend across">
        {(['complete', 'quiet', 'waiting', 'gap'] as const).map((state) => (
          <li key={state}>
            <span class={`cell is-${state}`} aria-hidden="true">
              {state === 'gap' ? 'n' : ''}
            </span>
            {stateWords[state]}
          </li>
        ))}
      </ul>
    </div>
  );
}

type CellProps = {
  hour: AuditHour;
  isSelected: boolean;
  isEntry: boolean;
  onSelect: (hour: string) => void;
  onFocus: (hour: string) => void;
};

function Cell({ hour, isSelected, isEntry, onSelect, onFocus }: CellProps) {
  const state = stateOf(hour);
  const missing = missingOf(hour);
  const said = state === 'gap' ? `${counted(missing, 'conversation')} missing` : stateWords[state];
  const name = `${hourName(Date.parse(hour.hour))}: ${said}, ${hour.listed} listed, ${hour.stored} stored`;
  return (
    <button
      type="button"
      class={`cell is-${state}`}
      aria-label={name}
      title={name}
      aria-pressed={isSelected}
      tabIndex={isEntry ? 0 : -1}
      onClick={() => onSelect(hour.hour)}
      onFocus={() => onFocus(hour.hour)}
    >
      {state === 'gap' ? (missing > 99 ? '99+' : missing) : ''}
    </button>
  );
}

const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** To the next hour in that direction; over the edge of a day to the day beside it. */
function moveFocus(event: KeyboardEvent, grid: HTMLTableElement | null): void {
  const move = moves[event.key];
  const cell = (event.target as HTMLElement).closest('td');
  const line = cell?.parentElement as HTMLTableRowElement | null;
  if (!move || !cell || !line || !grid) return;
  event.preventDefault();
  const [rows, columns] = move;
  const body = grid.tBodies[0];
  let at = line.sectionRowIndex * 24 + cell.cellIndex - 1;
  let button: HTMLElement | null | undefined;
  // Where a clock was set forward a place has no hour.
  do {
    at += rows * 24 + columns;
    button = body?.rows[Math.floor(at / 24)]?.cells[(at % 24) + 1]?.querySelector('button');
  } while (!button && at >= 0 && at < 24 * (body?.rows.length ?? 0));
  button?.focus();
}
