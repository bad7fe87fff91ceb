package formats_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline/codegen"
	"pipe/pipeline/codegen/formats"
)

// read reads a text of a format that its content must show.
func read(t *testing.T, src, title string) codegen.Recording {
	t.Helper()
	rec, got, err := formats.Read([]byte(src), "")
	if err != nil || got != title {
		t.Fatalf("it is read as %q, want %q: %v", got, title, err)
	}
	return rec
}

// told gives the actions as lines: tab, verb, locators, value, what came of it, note.
func told(rec codegen.Recording) string {
	var out strings.Builder
	for _, a := range rec.Actions {
		fmt.Fprintf(&out, "%d %s", a.Tab, a.Verb)
		for _, l := range a.Locators {
			fmt.Fprintf(&out, " %s", l)
		}
		if a.Value != "" {
			fmt.Fprintf(&out, " = %s", a.Value)
		}
		if a.Secret {
			out.WriteString(" (secret)")
		}
		if a.Effect.Tab > 0 {
			fmt.Fprintf(&out, " tab %d", a.Effect.Tab)
		}
		if a.Effect.File != nil {
			fmt.Fprintf(&out, " file %q", a.Effect.File.Name)
		}
		if a.Effect.Dialog != "" {
			fmt.Fprintf(&out, " dialog %v", a.Effect.Accepted)
		}
		if a.Effect.Address != "" {
			fmt.Fprintf(&out, " -> %s", a.Effect.Address)
		}
		out.WriteString(a.Note + "\n")
	}
	return out.String()
}

func same(t *testing.T, rec codegen.Recording, want string) {
	t.Helper()
	if got := told(rec); got != strings.TrimPrefix(want, "\n") {
		t.Errorf("the actions are\n%s\nwant\n%s", got, want)
	}
}

func TestPlaywrightJavaScript(t *testing.T) {
	rec := read(t, `import { test, expect, type Page } from '@playwright/test';
// page.goto('https://comment.example')
test('test', async ({ page }: { page: Page }) => {
  await page.goto('https://a.example/x');
  const row = page.getByRole('row', { name: /A1 \/ x/i });
  await row.getByRole('link').nth(2).click({ timeout: 5000 });
  await page.locator('#f').contentFrame().getByLabel("It's", { exact: true }).fill('a\tb\u0041');
  await page.frameLocator('#f').frameLocator('#g').getByText('Go').dblclick();
  await page.getByRole('listitem').filter({ hasText: 'A1' }).filter({ has: page.getByRole('link', { name: 'x' }) }).first().click();
  await page.getByLabel('Branch').selectOption({ label: 'Main' });
  page.once('dialog', dialog => {
    console.log(`+"`Dialog message: ${dialog.message()}`"+`);
    dialog.accept().catch(() => {});
  });
  const page1Promise = page.waitForEvent('popup');
  await page.getByTestId('open').click();
  const page1 = await page1Promise;
  const downloadPromise = page1.waitForEvent('download');
  await page1!.getByTitle('Save').click();
  const download = await downloadPromise;
  await download.saveAs('out/' + 'x');
  await download.saveAs('out/report.pdf');
  await expect(page1.locator('#done')).toBeVisible();
  await expect(page.getByText('n')).toHaveCount(3);
  await page.waitForURL('**/y');
  await page.waitForTimeout(3000);
  await page.evaluate(() => window.scrollTo(0, 100));
  await page.fill('#old', `+"`plain`"+`);
  await page.fill('#old', name + 'x');
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('text=Open')]);
  await popup.getByAltText('x').press('Enter');
});
`, "Playwright in JavaScript or TypeScript")
	same(t, rec, `
0 goto = https://a.example/x
0 click "role=row[name=/A1 \\/ x/i] >> role=link >> nth=2"
0 fill {label: It's, exact: true, frame: '#f'} = a	bA
0 click {text: Go, frame: ['#f', '#g']} = 2
0 click "role=listitem >> internal:has-text=\"A1\"i >> internal:has=\"internal:role=link[name=\\\"x\\\"i]\" >> nth=0"
0 select {label: Branch} = Main
0 click {test_id: open} tab 1 dialog true
1 click "[title*=\"Save\" i]" file "report.pdf"
1 wait "#done"
0 line 24: "expect(page.getByText('n')).toHaveCount(3)" is left out: there is no step for it
0 line 27: "page.evaluate(()=>window.scrollTo(0,100))" is left out: there is no step for it
0 fill "#old" = plain
0 line 29: "page.fill(…)" is left out: there is no step for it
0 click "text=Open" tab 2
2 press "[alt*=\"x\" i]" = Enter
`)
}

func TestPlaywrightPython(t *testing.T) {
	rec := read(t, `import re
from playwright.sync_api import Page, expect


def test_example(page: Page) -> None:
    """page.goto("https://doc.example")"""
    page.goto("https://a.example/x")
    page.get_by_role("textbox", name=re.compile(r"^Stock\d", re.IGNORECASE)).fill('it')
    page.get_by_role("button", name="Go", exact=True).click()  # page.click("#no")
    with page.expect_download() as download1_info:
        with page.expect_popup() as page1_info:
            page.get_by_text("Save",
                exact=True).click()
        page1 = page1_info.value
    download1 = download1_info.value
    download1.save_as(r"C:\out\a.csv")
    page1.get_by_placeholder("VIN").press_sequentially("1F")
    page.locator("iframe").content_frame.get_by_label("A").set_checked(True)
    page.get_by_label("Branch").select_option(["main"])
    page.fill("#x", f"{name}")
    page.mouse.wheel(0, 3)
`, "Playwright in Python")
	same(t, rec, `
0 goto = https://a.example/x
0 fill "role=textbox[name=/^Stock\\d/i]" = it
0 click {role: button, name: Go, exact: true}
0 click {text: Save, exact: true} tab 1 file "a.csv"
1 type {placeholder: VIN} = 1F
0 check {label: A, frame: iframe}
0 select {label: Branch} = main
0 line 20: "page.fill(…)" is left out: there is no step for it
0 line 21: "page.mouse.wheel(0,3)" is left out: there is no step for it
`)
}

func TestRequestsOfAnArchive(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "import", "har", "forms.har"))
	if err != nil {
		t.Fatal(err)
	}
	rec := read(t, string(src), "archive of requests")
	got := told(rec)
	for _, want := range []string{
		"0 goto = http://practice.test:8080/login\n",
		`0 fill "form#login-form [name=\"password\"]" = practice-pass (secret)`,
		`0 click {role: link, name: Request a document, exact: true} -> http://practice.test:8080/forms/request/24G6047`,
		`0 select "form[action=\"/forms/request/24G6047\"] [name=\"document\"]" = bookout`,
		`0 check "form[action=\"/forms/request/24G6047\"] [name=\"purpose\"][value=\"audit\"]"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// Files that are none, or not whole, have one clear error.
func TestBadFiles(t *testing.T) {
	for src, want := range map[string]string{
		"":                            "it is empty",
		"<html>":                      "it is of no format that can be read (chrome, selenium, uivision, har, playwright-jsonl, playwright-python, playwright-js, imacros)",
		`{"title": "x", "steps": 3}`:  "reading it as a file of Chrome DevTools Recorder: its steps: json: cannot unmarshal number",
		`{"title": "x", "steps": []}`: "nothing is done in it",
		`{"title":"x","steps":[{},` + "\n" + `{"type":3}]}`: "line 2: json: cannot unmarshal number",
		`{"url": "x", "tests": []}`:                         "reading it as a file of Selenium IDE: it has no tests",
		`{"log": {"entries": [{"request": {"url": "https://a.example"}, "response": {"content": {"encoding": "base64", "text": "?"}}}]}}`: "the content of https://a.example: illegal base64",
		`{"browserName": "chromium"}` + "\n{": "line 2: unexpected end of JSON input",
	} {
		if _, _, err := formats.Read([]byte(src), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", src, err, want)
		}
	}
	if _, _, err := formats.Read([]byte(`{"title": "x", "steps": []}`), "har"); err == nil || !strings.Contains(err.Error(), "archive of requests") {
		t.Errorf("a format that is named is taken: %v", err)
	}
}

// FuzzRead: whatever a file holds, it is read or there is an error, and what is read can be
// written.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "testdata", "import", "*", "*"))
	if err != nil || len(paths) == 0 {
		f.Fatal(err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(src) < 12_000 {
			f.Add(src, "")
		}
	}
	for _, name := range formats.Names() {
		f.Add([]byte("page.goto('https://a.example').x('\\u00"), name)
		f.Add([]byte(`{"steps":[{"type":"click","selectors":[["aria/"],[]]}],"tests":[{"commands":[{"command":"click","target":"id="}]}],"Commands":[{"Command":"type","Target":"/"}],"log":{"entries":[]}}`), name)
	}
	f.Fuzz(func(t *testing.T, src []byte, name string) {
		rec, _, err := formats.Read(src, name)
		if err != nil {
			return
		}
		draft, err := codegen.Write(rec, codegen.Options{Name: "fuzz"})
		if err == nil && len(draft.Spec) == 0 {
			t.Error("a spec without text")
		}
	})
}
