import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readAssembly } from '#infra/local/template/assembly.ts';

describe('an assembly on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-assembly-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('stacks and assets are found by the manifest', () => {
    const write = (name: string, value: unknown) => writeFileSync(join(folder, name), JSON.stringify(value));
    write('manifest.json', {
      artifacts: {
        'app.assets': { type: 'cdk:asset-manifest', properties: { file: 'app.assets.json' } },
        app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } },
      },
    });
    write('app.template.json', { Resources: { B: { Type: 'AWS::S3::Bucket' } }, Parameters: { BootstrapVersion: {} } });
    write('app.assets.json', {
      files: {
        abc: {
          source: { path: 'asset.abc', packaging: 'zip' },
          destinations: { d: { bucketName: 'b', objectKey: 'abc.zip' } },
        },
      },
    });
    const assembly = readAssembly(folder);
    expect(assembly.stacks.map(({ name }) => name)).toEqual(['app']);
    expect([...assembly.assets]).toEqual([['abc.zip', join(folder, 'asset.abc')]]);
  });
});
