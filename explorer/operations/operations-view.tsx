import { useState } from 'preact/hooks';
import { type Operation, type OperationKind, operationKinds } from '../api/answers.ts';
import { ask } from '../api/ask.ts';
import { useLive } from '../api/use-live.ts';
import { Empty, Failure, Waiting } from '../parts/notes.tsx';
import { beginWith, draft } from './begin.ts';
import { BeginDialog } from './begin-dialog.tsx';
import { aboutKinds } from './kinds.ts';
import { OperationCard } from './operation-card.tsx';

const everyMs = 3_000;
/** Operations of each kind that are shown. */
const shown = 10;

/** What operators asked for: what runs now with its progress, what came of the rest, and the way to ask for more. */
export function OperationsView() {
  const [operations, setOperations] = useState<readonly Operation[] | null>(null);
  const { error, again } = useLive('operations', everyMs, async (signal) => {
    const lists = await Promise.all(
      operationKinds.map((kind) => ask<{ operations: Operation[] }>(`/v1/${kind}?limit=${shown}`, { signal })),
    );
    const all = lists.flatMap((list) => list.operations);
    setOperations(all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)));
  });
  const isOpen = ({ state }: Operation) => state === 'queued' || state === 'running';
  const running = operations?.filter(isOpen) ?? [];
  const past = operations?.filter((one) => !isOpen(one)) ?? [];
  return (
    <div class="operations">
      <h1>Operations</h1>
      <fieldset class="begin">
        <legend class="unseen">Begin an operation</legend>
        {operationKinds.map((kind) => (
          <BeginButton key={kind} kind={kind} />
        ))}
      </fieldset>
      <Failure error={error} again={again} />
      {!operations && !error && <Waiting lines={4} label="The operations are being read" />}
      {operations?.length === 0 && (
        <Empty title="No operation was asked for yet.">
          <p>Backfills, replays, reprocessings, redrives and erasures appear here with their progress.</p>
        </Empty>
      )}
      <OperationList title="Under way" operations={running} onChanged={again} />
      <OperationList title="Ended" operations={past} onChanged={again} />
      {draft.value && <BeginDialog key={draft.value.kind} draft={draft.value} onBegun={again} />}
    </div>
  );
}

function BeginButton({ kind }: { kind: OperationKind }) {
  const { name, explanation, isDestructive } = aboutKinds[kind];
  return (
    <button
      type="button"
      class={isDestructive ? 'is-destructive' : undefined}
      title={explanation}
      onClick={() => beginWith(kind)}
    >
      {name}…
    </button>
  );
}

type ListProps = { title: string; operations: readonly Operation[]; onChanged: () => void };

function OperationList({ title, operations, onChanged }: ListProps) {
  if (operations.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="operation-list">
        {operations.map((operation) => (
          <OperationCard key={`${operation.kind} ${operation.id}`} operation={operation} onChanged={onChanged} />
        ))}
      </ul>
    </section>
  );
}
