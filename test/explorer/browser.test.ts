import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { type HourRow, putHour } from '#shared/storage/ledger-rows.ts';
import { epoch } from '#test/support/records.ts';
import { at, fill, hostileTexts, openWorld, secret, turnOf, type World } from './browser-world.ts';
import { findBrowser } from './find-browser.ts';

/** A real browser on the real page, one after the other: each test goes on where the one before it left the page. */

const executablePath = findBrowser();
let world: World;
let late: StoredConversation;
let row: HourRow;
let browser: Browser;
let page: Page;
const faults: string[] = [];

/** What axe finds, in light and in dark, which differ in their colours alone. */
async function complaints(): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, run] of [
    ['light', "axe.run({ resultTypes: ['violations'] })"],
    ['dark', "axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'] })"],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<axe.AxeResults>(run);
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${colorScheme} ${id}: ${html}`)));
  }
  return found;
}

/** Lets the page's interval pass. */
const wait = () => page.clock.fastForward(6_000);
const showView = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
const open = async (title: string) => {
  await showView('Conversations');
  await page.locator('.row-link', { hasText: title }).click();
};

beforeAll(async () => {
  if (executablePath === null) return;
  world = await openWorld();
  ({ late, row } = await fill(world));
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  const context = await browser.newContext({ timezoneId: 'Asia/Kolkata', viewport: { width: 1200, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.clock.install({ time: epoch + 60_000 });
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (line) => line.text().includes('Content Security Policy') && faults.push(line.text()));
  await page.goto(`${world.origin}/#/conversations?direction=inbound`);
  await page.evaluate(axe.source);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

describe.skipIf(executablePath === null)(executablePath === null ? 'skipped: no browser' : 'the explorer', () => {
  it('refuses who is not known, and keeps the address', async () => {
    expect(await complaints()).toEqual([]);
    await page.getByLabel('Client id', { exact: true }).fill('crm');
    await page.getByLabel('Client secret').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'refused' }).waitFor();
    await page.getByLabel('Client secret').fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.row-link').first().waitFor();
    expect(await page.locator('.row-link').count()).toBe(2);
  });

  it('filters by its controls, and says so in the address', async () => {
    await page.getByLabel('Direction').selectOption('outbound');
    await page.locator('.row-link', { hasText: 'Late' }).waitFor();
    expect(page.url()).toMatch(/#\/conversations\?direction=outbound$/);
    await page.getByLabel('Direction').selectOption('');
    await page.locator('.row-link').nth(2).waitFor();
    expect(await complaints()).toEqual([]);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.textContent')).toBe(hostileTexts[0]);
  });

  it('shows a late transcript by itself, and asks for nothing twice', async () => {
    await page.locator('.row-link', { hasText: 'Late' }).click();
    await page.getByText('The transcript is not there yet.').waitFor();
    await wait();
    const transcript = makeTranscript('en', [turnOf('better late than never')]);
    const artifacts = { transcript: { state: 'ready', at: at(1) } } as const;
    await putVersion(
      world.opened.store,
      { conversation: { ...late, version: 2, updatedAt: at(1), artifacts }, transcript },
      1,
    );
    await wait();
    await page.getByText('better late than never').waitFor();
    await wait();
    await expect.poll(() => world.seen.filter(({ status }) => status === 304).length).toBeGreaterThan(0);
    expect(world.seen.filter(({ path }) => path.endsWith('/transcript'))).toHaveLength(1);
  });

  it('asks for nothing while nobody looks, and at once when somebody does', async () => {
    const setHidden = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await setHidden(true);
    await page.waitForLoadState('networkidle');
    const before = world.seen.length;
    await wait();
    await wait();
    expect(world.seen).toHaveLength(before);
    await setHidden(false);
    await expect.poll(() => world.seen.length).toBeGreaterThan(before);
  });

  it('plays a recording by ranges, marks the turn and seeks', async () => {
    await open('Played');
    await page.getByText('turn number 0', { exact: true }).waitFor();
    expect(await page.locator('.turn').count()).toBeLessThan(60);
    await page.locator('.turns').evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.getByText('turn number 9999').waitFor();
    await page.locator('.turns').evaluate((box) => box.scrollTo(0, 0));
    await page.getByRole('button', { name: 'Play from 0:12' }).click();
    await page.locator('.turn.is-playing', { hasText: 'turn number 12' }).waitFor();
    const asked = world.seen.filter(({ path }) => path.includes('/media/recording?link='));
    expect(asked.length).toBeGreaterThan(0);
    for (const { range, status } of asked) expect([range?.slice(0, 6), status]).toEqual(['bytes=', 206]);
    await page.locator('audio').evaluate((audio: { pause: () => void }) => audio.pause());
    expect(await complaints()).toEqual([]);
  });

  it('shows hostile text as text, and the record as programs see it', async () => {
    await open('<img');
    for (const text of hostileTexts.slice(0, 2)) await page.locator('.said', { hasText: text }).waitFor();
    await page.getByRole('button', { name: /show more of/ }).waitFor();
    expect(await page.locator('.turn img, .turn script, h1 img').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.locator('.viewer pre', { hasText: '"uuid"' }).waitFor();
    expect(await complaints()).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('shows a gap, and that it has closed', async () => {
    await showView('Proof');
    await page.locator('.connection-name', { hasText: 'support' }).click();
    const gap = page.getByRole('button', { name: /1 conversation missing/ });
    await gap.click();
    await page.getByText('missing-one').waitFor();
    expect(await complaints()).toEqual([]);
    const closedRow = { ...row, reading: 2, stored: 3, gaps: [], isOpen: false };
    await putHour(world.opened.store, closedRow, row);
    await page.clock.fastForward(16_000);
    await page.getByText('Nothing is missing').waitFor();
    expect(await gap.count()).toBe(0);
  });

  it('counts an erasure first, and lets nobody confirm another count', async () => {
    await showView('Operations');
    await page.getByRole('button', { name: 'Erasure…' }).click();
    await page.getByLabel('Or these conversations').fill('support:Played, support:nobody');
    await page.getByRole('button', { name: 'Count first (dry run)' }).click();
    await page.getByText('conversations would be erased').waitFor();
    expect(await complaints()).toEqual([]);
    const begin = page.getByRole('button', { name: 'Begin erasure' });
    await page.getByLabel('Type 1 to confirm').fill('2');
    expect(await begin.isDisabled()).toBe(true);
    await page.getByLabel('Type 1 to confirm').fill('1');
    expect(await begin.isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await wait();
    await page.getByText('dry run').waitFor();
    expect(world.seen.filter(({ method, path }) => method === 'POST' && path === '/v1/erasures')).toHaveLength(1);
  });

  it('forgets who signed in, and has met nothing that its policy refuses', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Client secret').waitFor();
    expect(faults).toEqual([]);
  });
});
