import { useEffect, useState } from 'preact/hooks';
import type { FilterName, Filters } from '../address/filters.ts';
import { zone } from '../parts/clock.tsx';
import { fromControl, toControl } from '../words/times.ts';

export type SetFilter = (name: FilterName, value: string) => void;

type Field = {
  name: FilterName;
  label: string;
  filters: Filters;
  /** what the API says is wrong, by parameter */
  problems: Readonly<Record<string, string>>;
  set: SetFilter;
};

/** How long typing rests before it counts (milliseconds): each letter would be a request. */
const restMs = 350;

const problemId = (name: FilterName) => `wrong-${name}`;

function Wrong({ name, problems }: Pick<Field, 'name' | 'problems'>) {
  const problem = problems[name];
  if (problem === undefined) return null;
  return (
    <span class="wrong" id={problemId(name)}>
      {problem}
    </span>
  );
}

const described = ({ name, problems }: Pick<Field, 'name' | 'problems'>) =>
  problems[name] === undefined ? {} : { 'aria-invalid': true as const, 'aria-describedby': problemId(name) };

export function Choice({ options, ...field }: Field & { options: readonly (readonly [string, string])[] }) {
  const { name, label, filters, set } = field;
  const value = filters[name] ?? '';
  // What a shared link says is shown, also where this client knows no such value.
  const known = value === '' || options.some(([one]) => one === value);
  return (
    <label class="field">
      {label}
      <select value={value} onChange={({ currentTarget }) => set(name, currentTarget.value)} {...described(field)}>
        <option value="">Any</option>
        {!known && <option value={value}>{value}</option>}
        {options.map(([one, said]) => (
          <option key={one} value={one}>
            {said}
          </option>
        ))}
      </select>
      <Wrong {...field} />
    </label>
  );
}

export function TextField({ hint, ...field }: Field & { hint?: string }) {
  const { name, label, filters, set } = field;
  const given = filters[name] ?? '';
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    const next = text.trim();
    if (next === given) return;
    const timer = setTimeout(() => set(name, next), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="field">
      {label}
      <input
        value={text}
        placeholder={hint ?? ''}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        {...described(field)}
      />
      <Wrong {...field} />
    </label>
  );
}

export function InstantField(field: Field) {
  const { name, label, filters, set } = field;
  return (
    <label class="field">
      {label}
      <input
        type="datetime-local"
        value={toControl(filters[name], zone.value)}
        onChange={({ currentTarget }) => set(name, fromControl(currentTarget.value, zone.value))}
        {...described(field)}
      />
      <Wrong {...field} />
    </label>
  );
}
