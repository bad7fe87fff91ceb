import { test, expect } from '@playwright/test';

test('test', async ({ page }) => {
  await page.goto('http://practice.test:8080/login');
  await page.getByRole('textbox', { name: 'Password' }).click();
  await page.getByRole('textbox', { name: 'User name' }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('demo-dealer');
  await page.getByRole('textbox', { name: 'Password' }).fill('practice-pass');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Statements' }).click();
  await page.getByRole('textbox', { name: 'Stock number' }).fill('24G6047');
  await page.getByRole('button', { name: 'Find' }).click();
  const page1Promise = page.waitForEvent('popup');
  const downloadPromise = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Print statement' }).click();
  const page1 = await page1Promise;
  const download = await downloadPromise;
});
