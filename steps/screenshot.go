package steps

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs/expr"
)

func init() {
	register[Screenshot](140, "screenshot", "saves a picture of the page",
		`screenshot: ${{ item.reference }}.png`)
}

// Screenshot saves a picture of the page, as PNG in the output folder's
// screenshots/. Password fields, fields that a secret was put into, and texts
// that hold one are covered.
type Screenshot struct {
	As       expr.Template `yaml:"as" short:"true" required:"true" path:"file" doc:"the file's name, ending in .png"`
	FullPage bool          `yaml:"full_page" doc:"the whole page, not only what is in view"`
}

func (*Screenshot) readOnly() {}

// secrets are the values of the spec's secrets; those of one or two characters
// would cover everything.
func (s *StepContext) secrets() []string {
	var values []string
	named, _ := s.Values["secret"].(map[string]any)
	for _, v := range named {
		if text, ok := v.(string); ok && len(text) > 2 {
			values = append(values, text)
		}
	}
	return values
}

// noteSecretField remembers a field when what is put into it holds a secret.
func (s *StepContext) noteSecretField(field playwright.Locator, value string) {
	if s.holdsSecret(value) {
		s.secretFields = append(s.secretFields, field)
	}
}

func (s *StepContext) holdsSecret(value string) bool {
	return slices.ContainsFunc(s.secrets(), func(secret string) bool { return strings.Contains(value, secret) })
}

// TakeScreenshot is one of the page, as PNG, without what no picture may show.
func (s *StepContext) TakeScreenshot(ctx context.Context, full bool) ([]byte, error) {
	return Call(ctx, "taking a screenshot", func() ([]byte, error) {
		opts := playwright.PageScreenshotOptions{FullPage: &full, Timeout: timeoutMillis(ctx)}
		CoverSecrets(s.Page, s.secrets(), s.secretFields, &opts)
		return s.Page.Screenshot(opts)
	})
}

// Run takes the picture.
func (s *Screenshot) Run(ctx context.Context, on *StepContext) error {
	name, err := s.As.Text(on.Values)
	if err != nil {
		return err
	}
	if !filepath.IsLocal(name) {
		return fmt.Errorf("the name %q leaves the output folder", name)
	}
	png, err := on.TakeScreenshot(ctx, s.FullPage)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(on.ScreenshotDir, 0o750); err != nil {
		return fmt.Errorf("saving the screenshot: %w", err)
	}
	root, err := os.OpenRoot(on.ScreenshotDir)
	if err != nil {
		return fmt.Errorf("saving the screenshot: %w", err)
	}
	defer func() { _ = root.Close() }()
	if err := root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return fmt.Errorf("saving the screenshot: %w", err)
	}
	if err := root.WriteFile(name, png, 0o600); err != nil {
		return fmt.Errorf("saving the screenshot: %w", err)
	}
	return nil
}
