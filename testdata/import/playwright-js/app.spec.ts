import { test, expect } from '@playwright/test';

test('test', async ({ page }) => {
  await page.goto('http://practice.test:8080/login');
  await page.getByRole('textbox', { name: 'Password' }).click();
  await page.getByRole('textbox', { name: 'User name' }).click();
  await page.getByRole('textbox', { name: 'User name' }).fill('demo-dealer');
  await page.getByRole('textbox', { name: 'Password' }).fill('practice-pass');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Lot Manager' }).click();
  await page.getByRole('textbox', { name: 'Find a vehicle' }).fill('24G6047');
  await page.getByRole('link', { name: '24G6047 2019 Chevrolet' }).click();
  await page.getByRole('button', { name: 'Prepare report' }).click();
  const download1Promise = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download report' }).click();
  const download1 = await download1Promise;
});
