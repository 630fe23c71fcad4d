import { recordText } from '../raw-json.ts';
import { usPerMs } from '../stamp.ts';
import { contentBytes, modifiedUs } from './content-bytes.ts';
import type { VonageSettings } from './settings.ts';
import type { VonageContent, VonageRecord } from './world.ts';
import { isDeleted } from './world.ts';

/** Interactions as the Interaction Content API writes them. */

export function interactionText(record: VonageRecord, nowUs: number, settings: VonageSettings): string {
  const fields = {
    guid: record.id,
    start: secondStamp(record.startedAtUs),
    connectFrom: record.connectFrom,
    connectTo: record.connectTo,
    direction: record.direction,
    handlingAgents: record.handlingAgents.map((id) => ({ id })),
  };
  const content = listedContent(record, nowUs, settings).map((file) => contentText(record, file, nowUs));
  return recordText(fields, { content: `[${content.join(',')}]`, ...record.malformed });
}

/** The files that are shown; an interaction without any is not listed. */
export function listedContent(record: VonageRecord, nowUs: number, settings: VonageSettings): VonageContent[] {
  const showsDeleted = settings.deletedContent === 'listed';
  return record.content.filter((file) => file.atUs <= nowUs && (showsDeleted || !isDeleted(file, nowUs)));
}

function contentText(record: VonageRecord, file: VonageContent, nowUs: number): string {
  const { owningAgent, owningInteractionPlan } = file;
  const fields = {
    contentKey: file.contentKey,
    type: file.type,
    contentType: file.contentType,
    contentLength: contentBytes(record, file, nowUs).length,
    owningAgent: owningAgent && { id: owningAgent },
    owningInteractionPlan: owningInteractionPlan && { id: owningInteractionPlan },
    lastModified: secondStamp(modifiedUs(file, nowUs)),
    properties: {},
  };
  return recordText(fields, file.malformed);
}

function secondStamp(us: number): string {
  return `${new Date(Math.floor(us / usPerMs)).toISOString().slice(0, 19)}Z`;
}
