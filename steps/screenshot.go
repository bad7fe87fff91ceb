package steps

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"pipe/specs"

	"github.com/playwright-community/playwright-go"
)

// Screenshot saves a picture of the page, as PNG in the output folder's
// screenshots/. Password fields are covered.
type Screenshot struct {
	As       specs.Template `yaml:"as" short:"true" required:"true" doc:"the file's name, ending in .png"`
	FullPage bool           `yaml:"full_page" doc:"the whole page, not only what is in view"`
}

func (*Screenshot) passive() {}

// Run takes the picture.
func (s *Screenshot) Run(ctx context.Context, on *Scene) error {
	name, err := s.As.Text(on.Values)
	if err != nil {
		return err
	}
	if !filepath.IsLocal(name) {
		return fmt.Errorf("the name %q leaves the output folder", name)
	}
	png, err := call(ctx, on, "taking a screenshot", func() ([]byte, error) {
		return on.Page.Screenshot(playwright.PageScreenshotOptions{
			FullPage: &s.FullPage, Timeout: ms(ctx), Mask: []playwright.Locator{on.Page.Locator("input[type=password]")},
		})
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(on.Dir, 0o750); err != nil {
		return fmt.Errorf("saving the screenshot: %w", err)
	}
	root, err := os.OpenRoot(on.Dir)
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
