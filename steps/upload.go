package steps

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Upload](180, "upload", "puts files into a file field",
		`upload: {label: Papers, files: ["papers/${{ item.reference }}.pdf"]}`)
}

// Upload puts files into a file field.
type Upload struct {
	Target specs.Target    `yaml:",inline" required:"true"`
	Files  []expr.Template `yaml:"files" required:"true" reads:"true" doc:"the files' paths, relative to the working directory"`
	Holds  expr.Template   `yaml:"holds" doc:"the names of the files that the field is to hold then: a text in which * stands for anything; by default it holds the files, or the page that has emptied it shows their names"`
}

func (u *Upload) target() specs.Target { return u.Target }

// Writes is true: the files are the site's from here on.
func (*Upload) Writes() bool { return true }

// Run fills the field, which may well be hidden behind a button.
func (u *Upload) Run(ctx context.Context, on *StepContext) error {
	paths, err := on.texts(u.Files...)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil {
			return fmt.Errorf("the file to upload: %w", err)
		} else if info.IsDir() {
			return fmt.Errorf("the file to upload: %s is a folder", path)
		}
	}
	if err := on.awaitAttached(ctx, u.Target); err != nil {
		return err
	}
	loc, err := on.firstAlternative(u.Target)
	if err != nil {
		return err
	}
	what := "uploading to " + u.Target.With(on.Values)
	if err := on.tryFirst(ctx, what, loc); err != nil {
		return err
	}
	f := &filledField{target: u.Target, files: fileNames(paths)}
	f.want = strings.Join(f.files, ", ")
	f.fits = func(now *fieldState) bool { return now.text == f.want || now.text == "" && now.shows }
	return on.choose(ctx, f, u.Holds, func(ctx context.Context, l playwright.Locator) error {
		return l.SetInputFiles(paths, playwright.LocatorSetInputFilesOptions{Timeout: timeoutMillis(ctx)})
	}, func(put func(playwright.Locator) error) error {
		return callAction(ctx, on, what, func() error { return put(loc) })
	})
}
