// What both peers of the benchmark share: the browser, logging in, the list, the queue,
// and telling what happens in the lines that `pipe run --json` tells it in.
import {createRequire} from 'node:module';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const env = process.env;
const {chromium} = createRequire(import.meta.url)(join(env.BENCH_DRIVER, 'package'));

export const site = env.INVENTORY_URL;
export const out = env.BENCH_OUT;
const contexts = Number(env.BENCH_CONTEXTS), pages = Number(env.BENCH_PAGES);
const block = (env.BENCH_BLOCK ?? '').split(',').filter(Boolean);

export function tell(event, worker, key) {
  process.stdout.write(JSON.stringify({time: new Date().toISOString(), event, worker, key}) + '\n');
}

// The browser's switches are those of `pipe run`.
function launch() {
  const args = [
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
    '--disable-quic', '--disable-domain-reliability', '--disable-client-side-phishing-detection',
  ];
  if (process.geteuid?.() === 0) { args.push('--no-sandbox'); }
  if (block.includes('image')) { args.push('--blink-settings=imagesEnabled=false'); }
  if (block.includes('font')) { args.push('--disable-remote-fonts'); }
  return chromium.launch({executablePath: env.BENCH_BROWSER, args});
}

// Styles and media have no switch: Chromium refuses them by their addresses, at no cost
// in round trips.
const suffixes = {stylesheet: ['*.css', '*.css?*'], media: ['*.mp4*', '*.webm*', '*.mp3*']};

async function refuse(context, page) {
  const urls = block.flatMap((kind) => suffixes[kind] ?? []);
  if (urls.length === 0) { return; }
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.setBlockedURLs', {urls});
}

async function login(page) {
  await page.goto(site + '/login');
  await page.getByLabel('User name').fill(env.DEALER_USERNAME);
  await page.getByLabel('Password').fill(env.DEALER_PASSWORD);
  await page.getByRole('button', {name: 'Sign in'}).click();
  const end = page.locator('#end-other-sessions'), accept = page.locator('#accept-licence'), in_ = page.locator('#inventory');
  await end.or(accept).or(in_).waitFor();
  if (await end.isVisible()) { await end.click(); await accept.or(in_).waitFor(); }
  if (await accept.isVisible()) { await accept.click(); }
  await in_.waitFor();
}

// The list is the site's own export; stock numbers are its first column, and hold no
// commas.
async function list(page) {
  await page.goto(site + '/inventory');
  await page.getByRole('button', {name: 'Export'}).click();
  await page.getByText('Export All Columns').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Export to CSV').click()]);
  let text = '';
  for await (const chunk of await download.createReadStream()) { text += chunk; }
  return text.trim().split(/\r?\n/).slice(1).map((row) => row.split(',')[0]);
}

async function open(browser, name) {
  const context = await browser.newContext();
  const first = await context.newPage();
  await refuse(context, first);
  await login(first);
  const own = [first];
  while (own.length < pages) {
    const page = await context.newPage();
    await refuse(context, page);
    own.push(page);
  }
  return own.map((page, i) => ({page, context, name: `${name}.${i + 1}`}));
}

// run does every item of the list: prepare(context) once for each context, and
// one({page, context, name}, key) for each item, one at a time on a page. What one()
// gives is the item's record. beside() waits for what is still under way.
export async function run({prepare = () => {}, one, beside = () => {}}) {
  await mkdir(out, {recursive: true});
  const browser = await launch();
  try {
    const opened = await Promise.all(Array.from({length: contexts}, (_, i) => open(browser, i + 1)));
    for (const [{context}] of opened) { await prepare(context); }
    const queue = await list(opened[0][0].page);
    const records = ['stock_number,vin'];
    await Promise.all(opened.flat().map(async (worker) => {
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        tell('attempt_started', worker.name, key);
        tell('step_started', worker.name, key);
        const vin = await one(worker, key);
        tell('page_freed', worker.name, key);
        records.push(`${key},${vin}`);
      }
    }));
    await beside();
    await writeFile(join(out, 'vehicles.csv'), records.join('\n') + '\n');
  } finally {
    await browser.close();
  }
}
