import { useEffect, useRef, useState } from 'preact/hooks';
import type { Operation } from '../api/answers.ts';
import { AskFailed, ask } from '../api/ask.ts';
import { Failure } from '../parts/notes.tsx';
import { type Counted, type Draft, draft } from './begin.ts';
import { Confirm } from './confirm.tsx';
import { FormFields } from './form-fields.tsx';
import { aboutKinds, requestOf } from './kinds.ts';

/** How often a dry run that is worked off elsewhere is looked at (milliseconds). */
const lookMs = 1_000;

/** The form of one kind of operation. What destroys is counted first, and the count is typed. */
export function BeginDialog({ draft: { kind, given }, onBegun }: { draft: Draft; onBegun: () => void }) {
  const { name, explanation, fields, isDestructive, counts } = aboutKinds[kind];
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<AskFailed | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [counted, setCounted] = useState<Counted | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(failure instanceof AskFailed ? failure : new AskFailed(0, String(failure)));
    } finally {
      setBusy(false);
    }
  };
  const begin = async (request: Record<string, unknown>) => {
    await ask<Operation>(`/v1/${kind}`, { method: 'POST', body: request });
    onBegun();
    close();
  };
  const submit = (form: HTMLFormElement) => {
    const values = new FormData(form);
    const request = requestOf(fields, (field) => String(values.get(field) ?? ''));
    if (!isDestructive) return begin(request);
    return dryRun(kind, request).then(setCounted);
  };
  return (
    <dialog ref={dialog} class="begin-dialog" aria-label={name} onClose={() => (draft.value = null)}>
      <h2>{name}</h2>
      <p class="muted">{explanation}</p>
      {counted ? (
        <Confirm
          counted={counted}
          counts={counts ?? ''}
          verb={name}
          isBusy={isBusy}
          onBack={() => setCounted(null)}
          onConfirm={() => void attempt(() => begin(confirmed(kind, counted)))}
        />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const form = event.currentTarget;
            void attempt(() => submit(form));
          }}
        >
          <FormFields fields={fields} given={given} problems={error?.fields ?? {}} />
          <p class="actions">
            <button type="submit" class="primary" disabled={isBusy}>
              {isDestructive
                ? isBusy
                  ? 'Counting…'
                  : 'Count first (dry run)'
                : isBusy
                  ? 'Asking…'
                  : `Begin ${name.toLowerCase()}`}
            </button>
            <button type="button" onClick={close}>
              Cancel
            </button>
          </p>
        </form>
      )}
      <Failure error={error} />
    </dialog>
  );
}

/** The request as it is meant: an erasure says the count that its dry run found. */
const confirmed = (kind: Draft['kind'], { request, count }: Counted): Record<string, unknown> =>
  kind === 'erasures' ? { ...request, expectedCount: count } : request;

/** Asks for a dry run and waits for its end. Throws AskFailed. */
async function dryRun(kind: Draft['kind'], request: Record<string, unknown>): Promise<Counted> {
  let operation = await ask<Operation>(`/v1/${kind}`, { method: 'POST', body: { ...request, dryRun: true } });
  while (operation.state === 'queued' || operation.state === 'running') {
    await new Promise((resume) => setTimeout(resume, lookMs));
    operation = await ask<Operation>(`/v1/${kind}/${operation.id}`);
  }
  const result = operation.result as { count?: number; held?: string[] } | null;
  if (operation.state !== 'done' || !result)
    throw new AskFailed(0, operation.error?.message ?? `The dry run ended as ${operation.state}.`);
  return { request, count: result.count ?? 0, held: result.held ?? [] };
}
