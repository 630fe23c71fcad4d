import { Stack } from 'aws-cdk-lib';
import { parseConnections } from '#shared/domain/read-connections.ts';
import { addStacks, newApp } from '../stacks.ts';
import { fourConnections, fourWithWebhooks } from './four-connections.ts';
import { type IdleLine, idleCosts, type Resource } from './idle.ts';
import { partsOf, readMeasured, unitsCost } from './measured.ts';
import { type Price, prices, pricesAt } from './prices.ts';

/** What would be deployed with these connections. */
function resourcesOf(file: unknown): Resource[] {
  const app = newApp({ 'aws:cdk:bundling-stacks': [] });
  addStacks(app, {
    ...{ name: 'earshot', oneMachine: false, subscriberAccounts: [], monthlyBudget: 50 },
    file: parseConnections(file, { oneMachine: false }),
  });
  const assembly = app.synth();
  const stacks = app.node.children.filter((child) => child instanceof Stack);
  return stacks.flatMap(({ artifactId }) =>
    Object.entries<{ Type: string; Properties?: Resource['properties'] }>(
      assembly.getStackArtifact(artifactId).template.Resources,
    ).map(([id, { Type: type, Properties: properties = {} }]) => ({ type, id, properties })),
  );
}

export const totalOf = (lines: readonly { dollars: number }[]): number =>
  lines.reduce((sum, { dollars }) => sum + dollars, 0);

const dollars = (value: number): string => `$${value.toFixed(value < 0.1 ? 4 : 2)}`;
const amount = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('');

/** docs/costs.md, as `npm run costs` writes it, and the idle month of four connections that stands in it. */
export function costsPage(): { page: string; idle: IdleLine[] } {
  const resources = resourcesOf(fourConnections);
  const [idle, pushed] = [idleCosts(resources), idleCosts(resourcesOf(fourWithWebhooks))];
  const dearest = totalOf(idleCosts(resources, { dearest: true }));
  const measured = readMeasured();
  const unitOf = (priced: keyof typeof prices): Price => prices[priced];
  const page = `# What Earshot costs

Written by \`npm run costs\`: the idle month from the templates that would be deployed, the rest from what
\`npm run bench -- costRows\` counts on the embedded services. Prices are list prices of ${pricesAt.region} of ${pricesAt.date} in US
dollars, and nothing that AWS gives for free is taken off. **Nobody has paid such a bill yet**: no account of ours has run it.

## 1,000 conversations

A call of 30 turns with two participants and a recording: polled, stored, published, its file copied.

${table(
  ['what', 'units', 'dollars'],
  [
    ...partsOf(measured).map((part) => [unitOf(part.priced).unit, amount(part.amount), dollars(part.dollars)]),
    ['**all**', '', `**${dollars(unitsCost(measured))}**`],
  ],
)}
Not in it: the time of the functions, which only an account can tell (a second at 512 MB is $0.0000067, so a second for each
copied file is some cents for 1,000 conversations), storage ($0.25 a GB and month in the table, $0.023 in the bucket), reads, and the log
lines. What comes late or changes is a further version: about half of the above without the file. A provider with several files a conversation
makes a version and its events for each.

## A month with nothing to do

Four connections, one of each provider, polled every five minutes, with files and one client:

${table(
  ['what', 'units', 'dollars'],
  [
    ...idle.map((line) => [`${line.what} (${unitOf(line.priced).unit})`, amount(line.amount), dollars(line.dollars)]),
    ['**all**', '', `**${dollars(totalOf(idle))}**`],
  ],
)}
With a webhook for each of the four: ${dollars(totalOf(pushed))}. Each has a secret, a queue that Lambda asks for messages, and alarms of its own.

A poll is counted with a second of time, 5 write units and 4 read units, which is the most that we expect. An idle queue is asked
three times a minute for each function that may run at one time (two). AWS does not write whether Lambda keeps to that while a queue is
empty; without such a limit it asks fifteen times a minute, and the month would cost ${dollars(dearest)}. What AWS gives every account
for nothing (three dashboards, ten alarms, a million SQS requests, a million invocations) would take most of it off.

What changes it most: \`every\` (a poll each minute is five times the runs), the number of providers (a function, a queue and three alarms each),
and the number of connections (a secret each). More connections of one provider add no alarm, no metric and no queue.

## Prices

${table(
  ['what', 'dollars', 'for', 'source'],
  Object.values(prices).map(({ unit, dollars: price, per, source }: Price) => [unit, `$${price}`, amount(per), source]),
)}`;
  return { page, idle };
}
