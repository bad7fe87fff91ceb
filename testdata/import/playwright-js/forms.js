const { chromium } = require('playwright');

(async () => {
  const browser = await chromium.launch({
    headless: false
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto('http://practice.test:8080/login');
  await page.getByRole('textbox', { name: 'Password' }).click();
  await page.getByRole('textbox', { name: 'User name' }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('demo-dealer');
  await page.getByRole('textbox', { name: 'Password' }).fill('practice-pass');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Title Office' }).click();
  await page.getByRole('textbox', { name: 'Stock number' }).fill('24G6047');
  await page.getByLabel('Branch').selectOption('main');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: 'Request a document' }).click();
  await page.getByLabel('Document', { exact: true }).selectOption('bookout');
  await page.getByRole('radio', { name: 'Internal audit' }).check();
  await page.getByRole('checkbox', { name: 'I am entitled to this document' }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  const downloadPromise = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download document' }).click();
  const download = await downloadPromise;
  await page.close();

  // ---------------------
  await context.close();
  await browser.close();
})();
