package steps

import (
	"context"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Keyboard](190, "keyboard", "works the keys, for whatever has the focus",
		`keyboard: {press: [ArrowDown, Enter]}`)
}

// Keyboard works the keys, for whatever has the focus.
type Keyboard struct {
	Down  []string       `yaml:"down" doc:"keys that are held down from here on, such as Shift"`
	Press []string       `yaml:"press" doc:"keys that are pressed one after the other, such as [ArrowDown, Enter, Control+A]"`
	Type  expr.Template  `yaml:"type" doc:"a text that is typed key by key"`
	Delay specs.Duration `yaml:"delay" doc:"between two keys of what is typed, and how long each is pressed"`
	Up    []string       `yaml:"up" doc:"keys that are let go"`
}

// Fault tells of a step that does nothing.
func (k *Keyboard) Fault() string {
	if len(k.Down)+len(k.Press)+len(k.Up) == 0 && k.Type.Empty() {
		return "say what is done: give down, press, type or up"
	}
	return ""
}

// Run works the keys in the order of the fields.
func (k *Keyboard) Run(ctx context.Context, on *StepContext) error {
	text, err := k.Type.Text(on.Values)
	if err != nil {
		return err
	}
	keys := on.Page.Keyboard()
	delay := float64(k.Delay.Std().Milliseconds())
	press := func(key string) error { return keys.Press(key, playwright.KeyboardPressOptions{Delay: &delay}) }
	for _, group := range []struct {
		what string
		keys []string
		do   func(string) error
	}{
		{"holding %q", k.Down, func(key string) error { return keys.Down(key) }},
		{"pressing %q", k.Press, press},
		{"typing", []string{text}, func(text string) error { return keys.Type(text, playwright.KeyboardTypeOptions{Delay: &delay}) }},
		{"letting go of %q", k.Up, func(key string) error { return keys.Up(key) }},
	} {
		for _, key := range group.keys {
			if key == "" {
				continue
			}
			what := group.what
			if what != "typing" {
				what = fmt.Sprintf(what, key)
			}
			if err := callAction(ctx, on, what, func() error { return group.do(key) }); err != nil {
				return err
			}
		}
	}
	return nil
}
