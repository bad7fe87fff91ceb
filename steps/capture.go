package steps

import (
	"context"
	"errors"
	"pipe/specs"
	"strings"
	"time"
)

// Capture takes the file that a step makes the site deliver, whichever way it
// comes, or the file at an address.
//
// It ends as soon as the request is known which produces the file; the file is
// received and proved later, while the page goes on.
type Capture struct {
	On     *specs.Step    `yaml:"on" doc:"the step that makes the site deliver the file"`
	URL    specs.Template `yaml:"url" short:"true" doc:"the file's address, fetched with the session's cookies"`
	As     specs.Template `yaml:"as" required:"true" doc:"the file's name in the output folder"`
	Expect Proof          `yaml:"expect" doc:"what the file must be to count"`
}

// Proof is what a file must be to count.
type Proof struct {
	Type        string           `yaml:"type" short:"true" enum:"pdf,xlsx,csv,zip,image,html,any" doc:"what the content must be, whatever its name; default: any file but an HTML page"`
	Contains    []specs.Template `yaml:"contains" doc:"texts that its text must hold, all of them; white space does not matter"`
	NotContains []specs.Template `yaml:"not_contains" doc:"texts that its text must not hold"`
	MinSize     specs.Size       `yaml:"min_size" doc:"the least size"`
	MaxSize     specs.Size       `yaml:"max_size" doc:"the greatest size"`
	MinPages    int              `yaml:"min_pages" doc:"the fewest pages of a PDF"`
	MaxPages    int              `yaml:"max_pages" doc:"the most pages of a PDF"`
}

// Captured is a file on its way and what the spec says of it.
type Captured struct {
	Delivery Delivery
	// Left is what is left of the capture's time-out for the last byte to be on
	// disk, once the file is asked for.
	Left time.Duration
	// Name is what the spec calls it.
	Name                  string
	Proof                 *Proof
	Contains, NotContains []string
	Step                  *specs.Step
}

// Run catches the file.
func (c *Capture) Run(ctx context.Context, on *Scene) error {
	out := Captured{Proof: &c.Expect, Step: on.step}
	var err error
	if out.Name, err = c.As.Text(on.Values); err != nil {
		return err
	}
	if out.Contains, err = on.texts(c.Expect.Contains...); err != nil {
		return err
	}
	if out.NotContains, err = on.texts(c.Expect.NotContains...); err != nil {
		return err
	}
	if out.Delivery, err = c.catch(ctx, on); err != nil {
		return err
	}
	deadline, _ := ctx.Deadline()
	out.Left = time.Until(deadline)
	on.Captures = append(on.Captures, out)
	return nil
}

func (c *Capture) catch(ctx context.Context, on *Scene) (Delivery, error) {
	if c.On == nil {
		url, err := c.URL.Text(on.Values)
		if err != nil {
			return nil, err
		}
		if url == "" {
			return nil, errors.New("capture: give on, the step that brings the file, or url")
		}
		return on.Files.Fetch(on.Page, url)
	}
	return on.Catch(ctx, []specs.Step{*c.On})
}

// Catch runs steps whose last one makes the site deliver a file, and gives
// that file on its way.
func (s *Scene) Catch(ctx context.Context, list []specs.Step) (Delivery, error) {
	if len(list) == 0 {
		return nil, errors.New("there is no step that could bring a file")
	}
	last := len(list) - 1
	if err := s.Run(ctx, list[:last]); err != nil {
		return nil, err
	}
	catch, err := s.Files.Listen(s.Page)
	if err != nil {
		return nil, err
	}
	defer catch.Close()
	if err := s.one(ctx, &list[last]); err != nil {
		return s.despite(ctx, catch, err)
	}
	return catch.Wait(ctx)
}

// despite gives the file that came although its trigger failed: opening the
// address of a download is an error for the browser.
func (s *Scene) despite(ctx context.Context, catch Catch, failed error) (Delivery, error) {
	if !strings.Contains(failed.Error(), "Download is starting") && !strings.Contains(failed.Error(), "ERR_ABORTED") {
		return nil, failed
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	d, err := catch.Wait(ctx)
	if err != nil {
		return nil, failed
	}
	return d, nil
}
