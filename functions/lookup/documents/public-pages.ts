import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { asyncApiFile, openApiFile, pageFile } from '#shared/facts/env.ts';
import { withEtag } from '../http/etag.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer, type Request, textAnswer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { noParameters } from '../v1/parameters.ts';

export const healthAnswerSchema = z.object({ status: z.literal('ok') });

/** The function answers: it asks nothing of the store, so that a probe costs nothing. */
export async function answerHealth(_: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  return jsonAnswer(healthAnswerSchema.parse({ status: 'ok' }));
}

/** A file that was laid beside the bundle. It changes with a deployment only. */
const textOf = remembered((file: string) => readFileSync(file, 'utf8'));
const fileOf = ({ documents }: Lookup, name: string): string => textOf(fileURLToPath(new URL(name, documents)));

const answerJson =
  (file: string) =>
  async (lookup: Lookup, request: Request): Promise<Answer> => {
    parseParameters(noParameters, readQuery(request.query));
    return withEtag(textAnswer('application/json', fileOf(lookup, file)), request.headers['if-none-match']);
  };

export const answerOpenApi = answerJson(openApiFile);
export const answerAsyncApi = answerJson(asyncApiFile);

/** The page holds one style and nothing that runs: the policy allows just that style, by its hash. */
export async function answerDocs(lookup: Lookup, request: Request): Promise<Answer> {
  parseParameters(noParameters, readQuery(request.query));
  const page = fileOf(lookup, pageFile);
  const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const answer = textAnswer('text/html', page, { 'content-security-policy': policy });
  return withEtag(answer, request.headers['if-none-match']);
}

function remembered(read: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const text = known.get(name) ?? read(name);
    known.set(name, text);
    return text;
  };
}
