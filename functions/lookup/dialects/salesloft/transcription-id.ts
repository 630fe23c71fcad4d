/**
 * The id of a conversation's transcription: its uuid under a fixed mask, so that it is another id and leads back without
 * a look-up. The bits that make a UUID of version 5 are left alone. It must never change: clients keep these ids.
 */
const mask = Buffer.from('7a1c5e9024d8036b0f5297c1e83d64ba', 'hex');

const masked = (uuid: string): string => {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  const hex = Buffer.from(bytes.map((byte, i) => byte ^ (mask[i] ?? 0))).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

export const transcriptionIdOf = (uuid: string): string => masked(uuid);

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The uuid of the conversation whose transcription this is; null for what cannot be one of our ids. */
export const transcribedUuid = (id: string): string | null => (uuidPattern.test(id) ? masked(id.toLowerCase()) : null);
