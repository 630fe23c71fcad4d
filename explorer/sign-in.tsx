import { useState } from 'preact/hooks';
import { byCredentials, byToken, ended, SignInRefused, session } from './api/session.ts';

type Way = 'client' | 'token';

/** The way in. What is typed here goes to the token endpoint and stays in memory. */
export function SignIn() {
  const [way, setWay] = useState<Way>('client');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const enter = async (form: HTMLFormElement) => {
    setBusy(true);
    setProblem(null);
    try {
      const given = new FormData(form);
      const text = (name: string) => String(given.get(name) ?? '').trim();
      session.value = await (way === 'client'
        ? byCredentials(text('clientId'), text('clientSecret'))
        : byToken(text('token')));
      ended.value = null;
    } catch (error) {
      setProblem(error instanceof SignInRefused ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(event.currentTarget);
        }}
      >
        <h1>Earshot</h1>
        <p class="muted">Every conversation, and the proof that none is missing.</p>
        {ended.value && <p class="note">{ended.value}</p>}
        <fieldset class="ways">
          <legend class="unseen">Sign in with</legend>
          <WayChoice way="client" chosen={way} label="Client id and secret" onChoose={setWay} />
          <WayChoice way="token" chosen={way} label="Token" onChoose={setWay} />
        </fieldset>
        {way === 'client' ? <ClientFields /> : <TokenField />}
        {problem && (
          <p class="note is-bad" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
        <p class="muted small">Kept in this page’s memory only: a reload forgets it.</p>
      </form>
    </main>
  );
}

type Choice = { way: Way; chosen: Way; label: string; onChoose: (way: Way) => void };

function WayChoice({ way, chosen, label, onChoose }: Choice) {
  return (
    <label class="way">
      <input type="radio" name="way" value={way} checked={chosen === way} onChange={() => onChoose(way)} />
      {label}
    </label>
  );
}

function ClientFields() {
  return (
    <>
      <label class="field">
        Client id
        <input name="clientId" autocomplete="off" autocapitalize="off" spellcheck={false} required />
      </label>
      <label class="field">
        Client secret
        <input name="clientSecret" type="password" autocomplete="off" required />
      </label>
    </>
  );
}

const TokenField = () => (
  <label class="field">
    Token
    <input name="token" type="password" autocomplete="off" required />
  </label>
);
