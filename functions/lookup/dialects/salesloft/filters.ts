import type { StoredConversation } from '#shared/domain/conversation.ts';
import { keptText } from '#shared/providers/kept-fields.ts';
import { mediaTypeOf, originOf } from '#shared/providers/salesloft/write.ts';
import { createdStampOf, stampPlace, updatedStampOf } from '#shared/providers/stamps-of.ts';
import type { Lookup } from '../../lookup.ts';
import { recordingOf } from '../recording-of.ts';
import type { SortValue } from '../walk.ts';
import { type Asked, fitsBounds, isBounded, settledBounds } from '../walk-plan.ts';
import { boundsOf, type ConversationsQuery } from './parameters.ts';

type Test = (conversation: StoredConversation) => boolean;

const sorts = { created_at: 'created', updated_at: 'updated', duration: 'duration' } as const;

/** What the walk must know of a query, and where a conversation stands in its list. */
export function readingOf(
  query: ConversationsQuery,
  lookup: Lookup,
): {
  asked: Asked;
  placeOf: (conversation: StoredConversation) => SortValue | undefined;
} {
  const created = boundsOf(query, 'created_at');
  const given = boundsOf(query, 'updated_at');
  const sort = sorts[query.sort_by];
  const updated = sort === 'updated' || isBounded(given) ? settledBounds(given, lookup) : given;
  const tests = [...textTests(query), ...originTests(query), ...durationTests(query)];
  return {
    asked: { sort, created, updated, filtered: tests.length > 0 },
    placeOf: (conversation) => {
      const createdPlace = stampPlace(createdStampOf(conversation)) ?? '';
      const updatedPlace = stampPlace(updatedStampOf(conversation)) ?? '';
      if (!fitsBounds(createdPlace, created) || !fitsBounds(updatedPlace, updated)) return undefined;
      if (!tests.every((test) => test(conversation))) return undefined;
      return { created: createdPlace, updated: updatedPlace, duration: conversation.durationMs }[sort];
    },
  };
}

function textTests({ title, language_code, ...query }: ConversationsQuery): Test[] {
  const prefix = query['title[_starts_with]']?.toLowerCase();
  return [
    ...(title === undefined ? [] : [(one: StoredConversation) => one.title === title]),
    ...(prefix === undefined
      ? []
      : [(one: StoredConversation) => one.title?.toLowerCase().startsWith(prefix) ?? false]),
    ...(language_code === undefined ? [] : [(one: StoredConversation) => one.language === language_code]),
  ];
}

/** The ids of owner, user, account and person are Salesloft's own, so they match its own conversations only. */
function originTests(query: ConversationsQuery): Test[] {
  const { platform, is_api, media_type } = query;
  const kept = (name: string, ids: readonly string[] | undefined): Test[] => {
    if (ids === undefined) return [];
    const wanted = new Set(ids.map((id) => id.toLowerCase()));
    return [
      ({ provider, metadata }) =>
        provider === 'salesloft' && wanted.has((keptText(metadata, name) ?? '').toLowerCase()),
    ];
  };
  return [
    ...kept('ownerId', query.owner_ids),
    ...kept('userId', query.user_guids),
    ...kept('accountId', query.account_ids),
    ...kept('personId', query.person_ids),
    ...(platform === undefined ? [] : [(one: StoredConversation) => originOf(one).platform === platform]),
    ...(is_api === undefined ? [] : [(one: StoredConversation) => String(originOf(one).is_api) === is_api]),
    ...(media_type === undefined
      ? []
      : [(one: StoredConversation) => mediaTypeOf(one, recordingOf(one)?.contentType ?? null) === media_type]),
  ];
}

/** A conversation whose length is not known fits no bound. */
function durationTests(query: ConversationsQuery): Test[] {
  const bound = (limit: number | undefined, fits: (durationMs: number, limit: number) => boolean): Test[] =>
    limit === undefined ? [] : [({ durationMs }) => durationMs !== null && fits(durationMs, limit)];
  return [
    ...bound(query['duration[gt]'], (durationMs, limit) => durationMs > limit),
    ...bound(query['duration[gte]'], (durationMs, limit) => durationMs >= limit),
    ...bound(query['duration[lt]'], (durationMs, limit) => durationMs < limit),
    ...bound(query['duration[lte]'], (durationMs, limit) => durationMs <= limit),
  ];
}
