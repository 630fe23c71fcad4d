import { useEffect } from 'preact/hooks';
import { type Address, writeAddress } from './address/address.ts';
import { amend, here } from './address/here.ts';
import { type Capability, can, session, signOut } from './api/session.ts';
import { ConversationView } from './conversation/conversation-view.tsx';
import { ListView } from './conversations/list-view.tsx';
import { OperationsView } from './operations/operations-view.tsx';
import { ZoneSwitch } from './parts/clock.tsx';
import { Empty } from './parts/notes.tsx';
import { ProofView } from './proof/proof-view.tsx';
import { SignIn } from './sign-in.tsx';

/** The whole page: the way in, or one view under the bar. */
export function App() {
  if (!session.value) return <SignIn />;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        Skip to the content
      </button>
      <Bar />
      <Content />
    </>
  );
}

type Place = { name: string; address: Address; needs: Capability; views: readonly Address['view'][] };

const places: readonly Place[] = [
  {
    ...{ name: 'Conversations', needs: 'records', views: ['conversations', 'conversation'] },
    address: { view: 'conversations', filters: {} },
  },
  {
    ...{ name: 'Proof', needs: 'records', views: ['proof'] },
    address: { view: 'proof', connection: null, until: null, hour: null },
  },
  { ...{ name: 'Operations', needs: 'operations', views: ['operations'] }, address: { view: 'operations' } },
];

function Bar() {
  const shown = places.filter(({ needs }) => can(needs));
  return (
    <header class="bar">
      <span class="word">Earshot</span>
      <nav aria-label="Views">
        {shown.map(({ name, address, views }) => (
          <a
            key={name}
            href={writeAddress(address)}
            aria-current={views.includes(here.value.view) ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <ZoneSwitch />
      <a class="bar-link" href="/docs">
        API
      </a>
      <button type="button" class="plain" onClick={() => signOut()}>
        Sign out
      </button>
    </header>
  );
}

function Content() {
  const address = here.value;
  const place = places.find(({ views }) => views.includes(address.view));
  const isSeen = place !== undefined && can(place.needs);
  const other = places.find(({ needs }) => can(needs));
  const isAtDoor = address.view === 'conversations' && Object.keys(address.filters).length === 0;
  useEffect(() => {
    // Who comes in by the door is led to what there is for them; who follows a link is told that it is not.
    if (!isSeen && isAtDoor && other) amend(other.address);
  }, [isSeen, isAtDoor, other]);
  useEffect(() => {
    document.title = `${place?.name ?? 'Explorer'} · Earshot`;
  }, [place]);
  return (
    <main id="content" class={`content view-${address.view}`} tabIndex={-1}>
      {isSeen ? <View address={address} /> : <NotForYou />}
    </main>
  );
}

function View({ address }: { address: Address }) {
  if (address.view === 'conversation') return <ConversationView key={address.id} id={address.id} />;
  if (address.view === 'proof') return <ProofView address={address} />;
  if (address.view === 'operations') return <OperationsView />;
  return <ListView filters={address.filters} />;
}

function NotForYou() {
  const other = places.find(({ needs }) => can(needs));
  return (
    <Empty title="This client may not see this.">
      <p>{other ? 'The views above are what it may see.' : 'It has no scope that shows anything here.'}</p>
    </Empty>
  );
}
