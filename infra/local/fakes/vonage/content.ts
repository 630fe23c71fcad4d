import { createHash } from 'node:crypto';
import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { jsonTextAnswer } from '../exchange.ts';
import { type ServedFile, serveBytes } from '../serve-bytes.ts';
import { linkRefusal, signedLink } from '../signed-link.ts';
import { usPerMs } from '../stamp.ts';
import { contentBytes, modifiedUs, versionName } from './content-bytes.ts';
import { apiError } from './error.ts';
import { interactionText, listedContent } from './rows.ts';
import type { VonageSettings } from './settings.ts';
import type { VonageContent, VonageRecord, VonageWorld } from './world.ts';
import { findRecord, isDeleted } from './world.ts';

export type ContentCall = {
  readonly world: VonageWorld;
  readonly request: FakeRequest;
  readonly nowMs: number;
  readonly settings: VonageSettings;
};

/** GET /interaction-content/interactions/{guid} */
export function answerInteraction(guid: string, { world, nowMs, settings }: ContentCall): FakeAnswer {
  const nowUs = nowMs * usPerMs;
  const record = findRecord(world, guid, nowUs);
  if (!record || listedContent(record, nowUs, settings).length === 0) return apiError(404);
  return jsonTextAnswer(200, interactionText(record, nowUs, settings));
}

/** GET /interaction-content/interactions/{guid}/content/{contentKey}: the bytes, or where they are. */
export function answerContent(guid: string, contentKey: string, call: ContentCall): FakeAnswer {
  const { request, nowMs, settings } = call;
  const found = find(guid, contentKey, call);
  if (!found) return apiError(404);
  if (found.file.forbidden) return apiError(403);
  if (settings.media === 'bytes') return serveBytes(request, servedFile(found, call));
  const origin = settings.filesOrigin ?? new URL(request.url).origin;
  const path = `/files/${encodeURIComponent(guid)}/${encodeURIComponent(contentKey)}`;
  const location = signedLink(origin, path, nowMs + settings.linkLifeMs, settings.clientSecret);
  return { status: 302, headers: { location }, body: '' };
}

/** The host of the signed links: `/files/<guid>/<content key>`. */
export function answerFile(guid: string, contentKey: string, call: ContentCall): FakeAnswer {
  const refusal = linkRefusal(call.request, call.settings.clientSecret, call.nowMs);
  if (refusal) return refusal;
  const found = find(guid, contentKey, call);
  return found ? serveBytes(call.request, servedFile(found, call)) : apiError(404);
}

type Found = { readonly record: VonageRecord; readonly file: VonageContent };

function find(guid: string, contentKey: string, { world, nowMs }: ContentCall): Found | undefined {
  const nowUs = nowMs * usPerMs;
  const record = findRecord(world, guid, nowUs);
  const file = record?.content.find((one) => one.contentKey === contentKey && one.atUs <= nowUs);
  return record && file && !isDeleted(file, nowUs) ? { record, file } : undefined;
}

function servedFile({ record, file }: Found, { nowMs, settings: { validator } }: ContentCall): ServedFile {
  const nowUs = nowMs * usPerMs;
  const version = createHash('sha256')
    .update(versionName(record, file, nowUs))
    .digest('hex')
    .slice(0, 32);
  return {
    bytes: contentBytes(record, file, nowUs),
    contentType: file.contentType,
    ...((validator === 'etag' || validator === 'both') && { etag: `"${version}"` }),
    ...((validator === 'lastModified' || validator === 'both') && {
      lastModifiedMs: modifiedUs(file, nowUs) / usPerMs,
    }),
  };
}
