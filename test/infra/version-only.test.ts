import { expect, it } from 'vitest';
import { withVersionOnly } from '#infra/constructs/version-only.ts';

const described = (binding: string, name: string): string => `var ${binding} = {
  name: "${name}",
  description: "}; version",
  version: "3.1.0",
  scripts: {
    version: "9.9.9"
  },
  license: "Apache-2.0"
};`;

it("leaves the version of a client's description, whatever else stands in it", () => {
  const text = `${described('package_default', '@aws-sdk/client-s3')}\nuse(package_default.version);\n`;
  expect(withVersionOnly(text)).toBe('var package_default = { version: "3.1.0" };\nuse(package_default.version);\n');
});

it('leaves others as they are, and each of several to itself', () => {
  const other = described('package_default2', 'another');
  const text = [described('package_default', '@aws-sdk/client-s3'), other, described('package_default3', '@aws-sdk/x')];
  expect(withVersionOnly(text.join('\n\n'))).toBe(
    ['var package_default = { version: "3.1.0" };', other, 'var package_default3 = { version: "3.1.0" };'].join('\n\n'),
  );
});
