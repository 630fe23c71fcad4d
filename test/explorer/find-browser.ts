import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', chromium.executablePath()];

/** A browser of Chromium's kind on this machine: the one that `CHROME_PATH` names, or any; null where there is none. */
export function findBrowser(): string | null {
  const { CHROME_PATH: named, PATH: path = '' } = process.env;
  const onPath = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(named ? [named] : []), ...places, ...onPath].find((file) => existsSync(file)) ?? null;
}
