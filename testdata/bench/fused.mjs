// What the same browser can do at most: the steps of each page are one evaluation, no tab
// is opened for the file, and the file is fetched beside the browser while the page is
// already on its next item. Nobody writes a job like this: events are made in the page,
// nothing is checked, and it holds for this one site alone.
import {createWriteStream} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {out, run, site, tell} from './job.mjs';

// find is evaluated on the list's page: it types, waits for the one row, and clicks it.
function find(key) {
  const grid = document.querySelector('#grid tbody');
  const box = document.querySelector('#StockNumber');
  box.value = key;
  box.dispatchEvent(new Event('input', {bubbles: true}));
  return new Promise((resolve) => {
    const look = () => {
      if (grid.rows.length !== 1 || grid.querySelector('td.stock')?.textContent !== key) { return false; }
      // After the answer is on its way: the page goes with the click.
      setTimeout(() => grid.querySelector('img[title=Bookout]').click());
      resolve();
      return true;
    };
    if (!look()) { new MutationObserver((_, o) => { if (look()) { o.disconnect(); } }).observe(grid, {childList: true}); }
  });
}

// ask is evaluated on the vehicle's page: it has the modal shown, and the report's
// address told in place of a tab.
function ask() {
  const modal = document.querySelector('#report-modal');
  return new Promise((resolve) => {
    window.open = (url) => { resolve({url: new URL(url, location.href).href, vin: document.querySelector('#vin').textContent}); };
    new MutationObserver((_, o) => {
      const create = modal.querySelector('#create-pdf');
      if (create) { o.disconnect(); create.click(); }
    }).observe(modal, {childList: true});
    document.querySelector('#print-reports').click();
  });
}

const cookies = new Map();

async function prepare(context) {
  cookies.set(context, (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; '));
}

async function fetched(context, url, name, key) {
  const answer = await fetch(url, {headers: {cookie: cookies.get(context)}});
  if (answer.status !== 200) { throw new Error(`${key}: the report is answered by ${answer.status}`); }
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(join(out, key + '.pdf')));
  tell('item_done', name, key);
}

const underWay = [];

async function one({page, context, name}, key) {
  await page.goto(site + '/inventory', {waitUntil: 'domcontentloaded'});
  const there = page.waitForEvent('domcontentloaded');
  await page.evaluate(find, key);
  await there;
  const {url, vin} = await page.evaluate(ask);
  underWay.push(fetched(context, url, name, key));
  return vin;
}

await run({prepare, one, beside: () => Promise.all(underWay)});
