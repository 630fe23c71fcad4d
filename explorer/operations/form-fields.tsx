import { useState } from 'preact/hooks';
import { connectionIds, useConnectionIds } from '../api/connection-ids.ts';
import { zone } from '../parts/clock.tsx';
import { fromControl, toControl } from '../words/times.ts';
import { type FormField, redriveKinds } from './kinds.ts';

type Props = {
  fields: readonly FormField[];
  given: Readonly<Record<string, string>>;
  problems: Readonly<Record<string, string>>;
};

/** The controls of a form, with what the API says is wrong beside each. */
export function FormFields({ fields, given, problems }: Props) {
  useConnectionIds();
  return (
    <div class="fields">
      {fields.map((field) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is in the component
        <label key={field.name} class={field.control === 'check' ? 'check' : 'field'}>
          <span>{field.label}</span>
          <Control field={field} given={given[field.name] ?? ''} />
          {problems[field.name] !== undefined && <span class="wrong">{problems[field.name]}</span>}
        </label>
      ))}
    </div>
  );
}

function Control({ field, given }: { field: FormField; given: string }) {
  const { name, control, isNeeded = false, hint = '' } = field;
  const common = { name, required: isNeeded };
  if (control === 'connection') return <ConnectionControl {...common} given={given} />;
  if (control === 'instant') return <InstantControl {...common} given={given} />;
  if (control === 'check') return <input type="checkbox" name={name} />;
  if (control === 'list') return <textarea {...common} rows={3} placeholder={hint} spellcheck={false} />;
  if (control === 'text') return <input {...common} defaultValue={given} placeholder={hint} autocomplete="off" />;
  return (
    <select {...common}>
      {redriveKinds.map(([kind, said]) => (
        <option key={kind} value={kind}>
          {said}
        </option>
      ))}
    </select>
  );
}

type ControlProps = { name: string; required: boolean; given: string };

function ConnectionControl({ name, required, given }: ControlProps) {
  const ids = connectionIds.value;
  const options = given !== '' && !ids.includes(given) ? [given, ...ids] : ids;
  return (
    <select name={name} required={required} defaultValue={given}>
      {!required && <option value="">All</option>}
      {options.map((id) => (
        <option key={id} value={id} selected={id === given}>
          {id}
        </option>
      ))}
    </select>
  );
}

/** What is sent is an instant; what is typed is a time of the reader's. */
function InstantControl({ name, required, given }: ControlProps) {
  const [iso, setIso] = useState(given);
  return (
    <>
      <input
        type="datetime-local"
        required={required}
        value={toControl(iso, zone.value)}
        onChange={({ currentTarget }) => setIso(fromControl(currentTarget.value, zone.value))}
      />
      <input type="hidden" name={name} value={iso} />
    </>
  );
}
