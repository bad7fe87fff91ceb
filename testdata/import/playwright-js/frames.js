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
  await page.getByRole('link', { name: 'Service Desk' }).click();
  const downloadPromise = page.waitForEvent('download');
  await page.locator('iframe[name="index"]').contentFrame().getByRole('link', { name: 'Save list' }).click();
  const download = await downloadPromise;
  await page.locator('iframe[name="index"]').contentFrame().getByRole('link', { name: '25L5281' }).click();
  const download1Promise = page.waitForEvent('download');
  await page.locator('iframe[name="desk"]').contentFrame().getByRole('button', { name: 'Show report' }).click();
  const download1 = await download1Promise;
  await page.close();

  // ---------------------
  await context.close();
  await browser.close();
})();
