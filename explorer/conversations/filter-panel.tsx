import { useState } from 'preact/hooks';
import { writeAddress } from '../address/address.ts';
import { countNarrowing, type FilterName, type Filters } from '../address/filters.ts';
import { amend } from '../address/here.ts';
import { connectionIds, useConnectionIds } from '../api/connection-ids.ts';
import { channels, counted, directions, providers } from '../words/words.ts';
import { Choice, InstantField, type SetFilter, TextField } from './filter-fields.tsx';

const namesOf = (names: Readonly<Record<string, string>>) => Object.entries(names);

const states = ['pending', 'ready', 'overdue', 'absent', 'expired', 'failed'];
const kinds = ['transcript', 'sentiment', 'categories', 'talkTime', 'summary', 'media:recording'];
const artifacts = kinds.flatMap((kind) => states.map((state) => [`${kind}:${state}`, `${kind} ${state}`] as const));

const sorts = [
  ['', 'Newest first'],
  ['sort=startedAt&order=asc', 'Oldest first'],
  ['sort=updatedAt&order=desc', 'Last changed first'],
  ['sort=durationMs&order=desc', 'Longest first'],
] as const;

type Props = { filters: Filters; problems: Readonly<Record<string, string>> };

/** The API's filters as plain controls. What is set stands in the address bar at once. */
export function FilterPanel({ filters, problems }: Props) {
  useConnectionIds();
  const [isOpen, setOpen] = useState(() => matchMedia('(min-width: 60rem)').matches);
  const set: SetFilter = (name, value) => {
    const { [name]: _, ...others } = filters;
    amend({ view: 'conversations', filters: value === '' ? others : { ...others, [name]: value } });
  };
  const field = { filters, problems, set };
  const count = countNarrowing(filters);
  return (
    <details class="filters" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Filters{count > 0 ? ` (${counted(count, 'set', 'set')})` : ''}</summary>
      <div class="fields">
        <SortField filters={filters} />
        <Choice {...field} name="connection" label="Connection" options={connectionIds.value.map((id) => [id, id])} />
        <Choice {...field} name="provider" label="Provider" options={namesOf(providers)} />
        <Choice {...field} name="channel" label="Channel" options={namesOf(channels)} />
        <Choice {...field} name="direction" label="Direction" options={namesOf(directions)} />
        <TextField {...field} name="participant" label="Participant" hint="phone, e-mail or id" />
        <InstantField {...field} name="startedFrom" label="Started from" />
        <InstantField {...field} name="startedTo" label="Started before" />
        <TextField {...field} name="titlePrefix" label="Title begins with" />
        <Choice {...field} name="artifact" label="Part and its state" options={artifacts} />
        <Further {...field} />
        {count > 0 && (
          <a class="button" href={writeAddress({ view: 'conversations', filters: {} })}>
            Clear filters
          </a>
        )}
      </div>
    </details>
  );
}

const rare: readonly FilterName[] = [
  ...(['language', 'category', 'minSentiment', 'maxSentiment', 'minDurationMs', 'maxDurationMs'] as const),
  'updatedSince',
];

/** What is seldom asked for; open from the start where the address says so. */
function Further(field: Props & { set: SetFilter }) {
  const [isOpen] = useState(() => rare.some((name) => field.filters[name]));
  return (
    <details class="further" open={isOpen}>
      <summary>More filters</summary>
      <TextField {...field} name="language" label="Language" hint="for example en-GB" />
      <TextField {...field} name="category" label="Category" hint="name, or group/name" />
      <div class="pair">
        <TextField {...field} name="minSentiment" label="Sentiment from" hint="−1 to 1" />
        <TextField {...field} name="maxSentiment" label="to" hint="−1 to 1" />
      </div>
      <div class="pair">
        <TextField {...field} name="minDurationMs" label="Length from" hint="milliseconds" />
        <TextField {...field} name="maxDurationMs" label="to" hint="milliseconds" />
      </div>
      <InstantField {...field} name="updatedSince" label="Changed since" />
    </details>
  );
}

function SortField({ filters }: { filters: Filters }) {
  const { sort, order, ...others } = filters;
  const now = sort === undefined && order === undefined ? '' : `sort=${sort ?? 'startedAt'}&order=${order ?? 'desc'}`;
  const choose = (text: string) => {
    const chosen = new URLSearchParams(text);
    const order = text === '' ? {} : { sort: chosen.get('sort') ?? '', order: chosen.get('order') ?? '' };
    amend({ view: 'conversations', filters: { ...others, ...order } });
  };
  return (
    <label class="field">
      Order
      <select value={now} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {sorts.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
