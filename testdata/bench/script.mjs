// The main job as a skilled engineer writes it by hand with Playwright: no fixed sleeps,
// each page waits for what it needs, each catches its own tab, and the file is taken from
// the tab's request, which goes to the site once.
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {out, run, site, tell} from './job.mjs';

// reports are the bodies under way, by the page that asked for them.
const reports = new WeakMap();

// The request of a new tab is held here: it is sent beside the browser with the
// context's cookies, as the headless browser shows no PDF, and the tab gets nothing.
async function intercept(context) {
  await context.route('**/GetPdfReport?*', async (route, request) => {
    const opener = await request.frame().page().opener();
    const answer = await route.fetch({timeout: 120_000});
    reports.get(opener)({status: answer.status(), body: await answer.body()});
    await route.fulfill({status: 204});
  });
}

async function one({page, name}, key) {
  await page.goto(site + '/inventory');
  // The answer is waited for, not the row: a locator that finds nothing at first looks
  // again only every half second.
  await Promise.all([
    page.waitForResponse((answer) => answer.url().includes(`/inventory/rows?stock=${key}&`)),
    page.fill('#StockNumber', key),
  ]);
  await page.locator(`#grid tbody tr:only-child:has(td.stock:text-is("${key}")) img[title=Bookout]`).click();
  await page.getByRole('button', {name: 'Print/Email Reports'}).click();
  const report = new Promise((resolve) => { reports.set(page, resolve); });
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', {name: 'Create PDF'}).click()]);
  const {status, body} = await report;
  if (status !== 200) { throw new Error(`${key}: the report is answered by ${status}`); }
  await writeFile(join(out, key + '.pdf'), body);
  await popup.close();
  const vin = await page.locator('#vin').textContent();
  tell('item_done', name, key);
  return vin;
}

await run({prepare: intercept, one});
