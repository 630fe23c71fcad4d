import type { Address } from '../address/address.ts';
import { amend } from '../address/here.ts';
import { zone } from '../parts/clock.tsx';
import { Empty, Failure, Waiting } from '../parts/notes.tsx';
import { startOfDay, weekdayOf } from '../words/times.ts';
import { Calendar } from './calendar.tsx';
import { hourMs } from './calendar-grid.ts';
import { Health } from './health.tsx';
import { HourPanel } from './hour-panel.tsx';
import { Totals } from './totals.tsx';
import { useConnections, useHours } from './use-proof.ts';

type ProofAddress = Extract<Address, { view: 'proof' }>;

const dayMs = 24 * hourMs;
/** Days of one calendar. */
const days = 14;

/** Whether anything is missing: the health of the connections, and the books of one of them hour by hour. */
export function ProofView({ address }: { address: ProofAddress }) {
  const { connections, error, again } = useConnections();
  const chosen = address.connection ?? connections?.[0]?.id ?? null;
  return (
    <div class="proof">
      <h1>Proof</h1>
      <Failure error={error} again={again} />
      {!connections && !error && <Waiting lines={5} label="The connections are being read" />}
      {connections?.length === 0 && <Empty title="This client may see no connection." />}
      {connections && connections.length > 0 && (
        <Health
          connections={connections}
          chosen={chosen}
          onChoose={(connection) => amend({ ...address, connection, hour: null })}
        />
      )}
      {chosen !== null && <Books address={{ ...address, connection: chosen }} />}
    </div>
  );
}

/** The end of the calendar: the day that the address says is its last, or today. */
const endOf = (until: string | null): number => {
  const noon = until === null ? Number.NaN : Date.parse(`${until}T12:00:00Z`);
  const now = Math.ceil(Date.now() / hourMs) * hourMs;
  return Number.isNaN(noon) ? now : Math.min(now, startOfDay(noon + dayMs, zone.value));
};

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

function Books({ address }: { address: ProofAddress }) {
  const to = endOf(address.until);
  // From the beginning of a day of the reader, so that no first row is cut.
  const from = startOfDay(to - 1 - (days - 1) * dayMs, zone.value);
  const { hours, error, again } = useHours(address.connection, from, to);
  const selected = hours?.find(({ hour }) => hour === address.hour) ?? null;
  const goTo = (until: string | null) => amend({ ...address, until, hour: null });
  return (
    <section class="books" aria-label={`Books of ${address.connection}`}>
      <header class="books-head">
        <h2>
          {address.connection}: {weekdayOf(from, zone.value)} to {weekdayOf(to - 1, zone.value)}
        </h2>
        <span class="grow" />
        <button type="button" onClick={() => goTo(isoDay(from - 1))}>
          Earlier
        </button>
        <button
          type="button"
          disabled={address.until === null}
          onClick={() => goTo(to + days * dayMs >= Date.now() ? null : isoDay(to + days * dayMs - 1))}
        >
          Later
        </button>
      </header>
      <Failure error={error} again={again} />
      {!hours && !error && <Waiting lines={days} label="The books are being read" />}
      {hours && (
        <>
          <Totals hours={hours} />
          <div class="books-body">
            <Calendar
              hours={hours}
              selected={address.hour}
              onSelect={(hour) => amend({ ...address, hour: hour === address.hour ? null : hour })}
            />
            {selected && <HourPanel hour={selected} onClose={() => amend({ ...address, hour: null })} />}
          </div>
        </>
      )}
    </section>
  );
}
