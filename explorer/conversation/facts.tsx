import type { Conversation } from '../api/answers.ts';
import { Instant } from '../parts/clock.tsx';
import { clockOf } from '../words/times.ts';
import { channels, directions, nameOf, providers, roles, statuses, titleOf } from '../words/words.ts';

/** What it was, when, and who took part. */
export function Facts({ conversation }: { conversation: Conversation }) {
  const { channel, direction, status, startedAt, durationMs, language, provider, connection, participants } =
    conversation;
  return (
    <header class="facts">
      <h1>
        <bdi>{titleOf(conversation)}</bdi>
      </h1>
      <p class="fact-line">
        <span>
          {channels[channel]}, {directions[direction]}, {statuses[status]}
        </span>
        <span>
          <Instant at={startedAt} />
        </span>
        {durationMs !== null && <span>{clockOf(durationMs)} long</span>}
        {language && (
          <span>
            <bdi>{language}</bdi>
          </span>
        )}
        <span>
          {providers[provider]} · {connection}
        </span>
        {conversation.source === 'missing' && <span class="mark is-overdue">no longer listed at the provider</span>}
      </p>
      <ul class="people">
        {participants.map((one, i) => (
          <li key={i}>
            <span class={`role is-${one.role}`}>{roles[one.role]}</span>
            <bdi>{nameOf(one)}</bdi>
            {one.name !== null && (one.phone ?? one.email) !== null && (
              <span class="muted">
                <bdi>{one.phone ?? one.email}</bdi>
              </span>
            )}
          </li>
        ))}
      </ul>
    </header>
  );
}
