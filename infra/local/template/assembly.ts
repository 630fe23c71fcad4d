import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof resourceSchema>;

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string().optional(), stackName: z.string().optional() }).optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type Stack = { name: string; template: z.infer<typeof templateSchema> };

/** A synthesized cloud assembly: its stacks and where each file asset lies on disk, by object key. */
export type Assembly = { stacks: readonly Stack[]; assets: ReadonlyMap<string, string> };

/** Reads the folder that a synthesis wrote. Throws where its files are not what CDK writes. */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(folder, 'manifest.json'));
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) continue;
    const template = templateSchema.parse(readJson(folder, properties.templateFile));
    stacks.push({ name: properties.stackName ?? id, template });
    for (const [key, path] of assetsOf(folder, `${id}.assets.json`)) assets.set(key, path);
  }
  return { stacks, assets };
}

function* assetsOf(folder: string, file: string): Generator<[key: string, path: string]> {
  for (const { source, destinations } of Object.values(assetsSchema.parse(readJson(folder, file)).files)) {
    if (!source.path) continue;
    for (const { objectKey } of Object.values(destinations)) yield [objectKey, join(folder, source.path)];
  }
}

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
