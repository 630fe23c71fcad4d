import { useEffect, useRef, useState } from 'preact/hooks';
import { writeAddress } from '../address/address.ts';
import { countNarrowing, type Filters, writeFilters } from '../address/filters.ts';
import { AskFailed } from '../api/ask.ts';
import { useLive } from '../api/use-live.ts';
import { Empty, Failure, Waiting } from '../parts/notes.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { list, readOn, refresh } from './list-store.ts';
import { Row } from './row.tsx';
import { useRowKeys } from './use-row-keys.ts';

const everyMs = 5_000;

/** The list of conversations with its filters. */
export function ListView({ filters }: { filters: Filters }) {
  const query = writeFilters(filters);
  const live = useLive(query, everyMs, (signal) => refresh(filters, signal));
  const rows = list.value.query === query ? list.value.rows : null;
  return (
    <div class="split">
      <FilterPanel filters={filters} problems={live.error?.fields ?? {}} />
      <section class="list" aria-label="Conversations">
        <h1 class="unseen">Conversations</h1>
        <Failure error={live.error} again={live.again} />
        {rows === null && !live.error && <Waiting lines={12} label="Conversations are being read" />}
        {rows?.length === 0 && list.value.nextCursor === null && <NoRows filters={filters} />}
        {rows !== null && rows.length > 0 && <Rows />}
        {rows !== null && <More filters={filters} />}
      </section>
    </div>
  );
}

function NoRows({ filters }: { filters: Filters }) {
  if (countNarrowing(filters) === 0)
    return (
      <Empty title="No conversation is stored yet.">
        <p>They appear here by themselves as soon as a connection has read some.</p>
      </Empty>
    );
  return (
    <Empty title="No conversation fits these filters.">
      <p>
        <a href={writeAddress({ view: 'conversations', filters: {} })}>Show all</a>
      </p>
    </Empty>
  );
}

function Rows() {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  const { rows, fresh } = list.value;
  return (
    <table class="rows">
      <caption class="unseen">Conversations; arrow keys or j and k go from row to row, Enter opens one</caption>
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">Conversation</th>
          <th scope="col">Source</th>
          <th scope="col" class="right">
            Length
          </th>
          <th scope="col" class="right">
            Sentiment
          </th>
          <th scope="col">Parts</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows?.map((one) => (
          <Row key={one.uuid} conversation={one} isFresh={fresh.has(one.uuid)} />
        ))}
      </tbody>
    </table>
  );
}

/** The way to the next rows: by itself when its place comes into sight, and by a button. */
function More({ filters }: { filters: Filters }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AskFailed | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const { rows, nextCursor } = list.value;
  const read = () => {
    setBusy(true);
    setError(null);
    readOn(filters)
      .catch((failure) => setError(failure instanceof AskFailed ? failure : new AskFailed(0, String(failure))))
      .finally(() => setBusy(false));
  };
  useEffect(() => {
    if (!end.current || nextCursor === null || error) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && read(), { rootMargin: '400px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [nextCursor, error]);
  return (
    <div class="more" ref={end}>
      <Failure error={error} />
      {nextCursor === null ? (
        <span class="muted small">{rows && rows.length > 0 ? `All ${rows.length} shown` : ''}</span>
      ) : (
        <button type="button" onClick={read} disabled={isBusy}>
          {isBusy ? 'Reading…' : 'Show more'}
        </button>
      )}
    </div>
  );
}
