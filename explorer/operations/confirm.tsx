import { useState } from 'preact/hooks';
import type { Counted } from './begin.ts';

type Props = {
  counted: Counted;
  /** what was counted, in words */
  counts: string;
  verb: string;
  isBusy: boolean;
  onBack: () => void;
  onConfirm: () => void;
};

/** What a dry run found. Nothing goes on before its count was typed. */
export function Confirm({ counted: { count, held }, counts, verb, isBusy, onBack, onConfirm }: Props) {
  const [typed, setTyped] = useState('');
  const isHeld = held.length > 0;
  const mayConfirm = count > 0 && !isHeld && typed.trim() === String(count);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (mayConfirm) onConfirm();
      }}
    >
      <p class="headline" role="status">
        <span class="figures">{count.toLocaleString('en-GB')}</span> {counts}
      </p>
      {isHeld && (
        <div class="note is-bad">
          <span>
            {held.length} of them are under a legal hold, so none can be removed: {held.slice(0, 5).join(', ')}
          </span>
        </div>
      )}
      {count > 0 && !isHeld && (
        <label class="field">
          Type {count} to confirm
          <input
            inputMode="numeric"
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
      )}
      <p class="actions">
        <button type="submit" class="is-destructive" disabled={!mayConfirm || isBusy}>
          {isBusy ? 'Asking…' : `Begin ${verb.toLowerCase()}`}
        </button>
        <button type="button" onClick={onBack}>
          Back
        </button>
      </p>
    </form>
  );
}
