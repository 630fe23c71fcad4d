import * as z from 'zod';
import { artifactKindSchema } from './artifact.ts';
import { providerNames } from './conversation.ts';
import { durationMs, durationSchema } from './duration.ts';

/** The connections file (design.md section 3): every key of the contract, checked strictly. */

/** The name of a value kept in Secrets Manager. */
export const secretReferenceSchema = z.strictObject({
  secret: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'expected the name of a secret'),
});
export type SecretReference = z.infer<typeof secretReferenceSchema>;

const text = z.string().min(1);
const secretText = z.union([text, secretReferenceSchema]);

/** What a connection's secret holds. */
export const credentialValueSchema = z.union([
  z.strictObject({ clientId: text, clientSecret: text }),
  z.strictObject({ clientId: text, keyId: text, privateKey: text }),
  z.strictObject({ token: text }),
]);
export type CredentialValue = z.infer<typeof credentialValueSchema>;

const httpUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.search && !url.hash;
}, 'expected an http or https address without user, query or fragment');

const host = z.string().regex(/^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/, 'expected host or host:port');

const ascending = (offsets: readonly string[]): boolean =>
  offsets.every((offset, i) => i === 0 || durationMs(offset) > durationMs(offsets[i - 1] ?? '0ms'));

/** `abort: true`: the refinements behind need valid durations. */
const offsets = z
  .array(durationSchema)
  .min(1, 'expected at least one offset')
  .refine(
    (list) => list.some((offset) => !durationSchema.safeParse(offset).success) || ascending(list),
    'expected strictly ascending offsets',
  );

export const connectionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected 1 to 40 of a-z, 0-9 and "-"'),
  provider: z.enum(providerNames),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/)
    .optional()
    .meta({ description: 'vonage, talkdesk: fills baseUrl and tokenUrl' }),
  account: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,63}$/)
    .optional()
    .meta({ description: 'talkdesk: fills tokenUrl' }),
  baseUrl: httpUrl.optional(),
  tokenUrl: httpUrl.optional(),
  credentials: z.union([credentialValueSchema, secretReferenceSchema], {
    error: 'expected {clientId, clientSecret}, {clientId, keyId, privateKey}, {token} or {secret}',
  }),
  every: durationSchema.default('5m'),
  backfill: durationSchema.default('30d'),
  lookback: durationSchema.optional(),
  recheck: offsets.default(['5m', '15m', '1h', '6h', '24h', '72h']),
  expect: z.array(artifactKindSchema).optional(),
  media: z.union([z.boolean(), z.array(text)]).default(true),
  mediaMaxBytes: z
    .int()
    .positive()
    .default(5 * 1024 ** 3),
  mediaHosts: z.array(host).default([]),
  rateLimit: z
    .strictObject({
      perMinute: z.int().positive().optional(),
      perHour: z.int().positive().optional(),
      group: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/)
        .optional(),
    })
    .default({}),
  webhook: z
    .strictObject({
      secrets: z.array(secretText).default([]),
      scheme: z.enum(['standard', 'vonage', 'salesloft', 'magpipe']).optional(),
      unsignedHints: z.boolean().default(false),
    })
    .optional(),
  verify: z.array(durationSchema).default(['1h', '24h', '7d']),
  retain: durationSchema.optional(),
  retainMedia: durationSchema.optional(),
  retainRaw: durationSchema.default('90d'),
  paused: z.boolean().default(false),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Whether a connection takes webhooks: one without a secret does not, unless its operator believes unsigned hints. */
export const hasWebhook = ({ webhook }: Pick<Connection, 'webhook'>): boolean =>
  webhook !== undefined && (webhook.secrets.length > 0 || webhook.unsignedHints);

export const scopes = [
  'conversations:read',
  'interaction-content:read',
  'operations:write',
  'interactions-public:read',
  'recordings:read',
] as const;
export type Scope = (typeof scopes)[number];

/** The characters of RFC 6749 (appendix A.1); calls are counted under it, in a sort key of at most 1,024 bytes. */
const clientId = z.string().regex(/^[\x20-\x7e]{1,200}$/, 'expected 1 to 200 printable ASCII characters');
const clientLimits = {
  scopes: z.array(z.enum(scopes)).min(1),
  connections: z.array(text).optional(),
  perMinute: z.int().min(1).default(600).meta({ description: 'requests a minute, then 429' }),
};
export const clientSchema = z.union(
  [
    z.strictObject({ clientId, clientSecret: secretText, ...clientLimits }),
    z.strictObject({ clientId: clientId.optional(), token: secretText, ...clientLimits }),
  ],
  {
    error:
      'expected {clientId, clientSecret, scopes, connections?, perMinute?} or {token, scopes, connections?, perMinute?}',
  },
);
export type Client = z.infer<typeof clientSchema>;

/** An origin exactly as a browser sends it: lower case, without the scheme's own port and without a path. */
const corsOrigin = z
  .string()
  .regex(
    /^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/,
    'expected https://host[:port] or http://localhost[:port]',
  )
  .refine((value) => URL.parse(value)?.origin === value, 'expected the origin as a browser sends it');

export const connectionsFileSchema = z.strictObject({
  $schema: z.string().optional(),
  connections: z.array(connectionSchema),
  clients: z.array(clientSchema).default([]),
  corsOrigins: z
    .array(corsOrigin)
    .default([])
    .meta({ description: 'origins of web pages whose scripts may ask the lookup API' }),
});
export type ConnectionsFile = z.infer<typeof connectionsFileSchema>;
