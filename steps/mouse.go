package steps

import (
	"context"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Mouse](200, "mouse", "moves the mouse and works its buttons, at points of the page",
		`mouse: {click: {x: 10, y: 20, of: "#map"}}`)
}

// Mouse moves the mouse and works its buttons, at points of the page.
type Mouse struct {
	Move  *Point `yaml:"move" doc:"moves to a point"`
	Click *Point `yaml:"click" doc:"clicks at a point"`
	Down  string `yaml:"down" enum:"left,right,middle" doc:"holds a button down, where the mouse is"`
	Up    string `yaml:"up" enum:"left,right,middle" doc:"lets a button go"`
	Wheel *Wheel `yaml:"wheel" doc:"turns the wheel: so many pixels down, or {x, y}"`
	Count int    `yaml:"count" default:"1" min:"1" doc:"with click: 2 is a double click"`
}

// Point is a place on the page as it is seen, in pixels.
type Point struct {
	X  float64      `yaml:"x" required:"true" doc:"pixels from the left"`
	Y  float64      `yaml:"y" required:"true" doc:"pixels from the top"`
	Of specs.Target `yaml:"of" doc:"counted from this element's upper left corner; default: from that of what is seen of the page"`
}

// Wheel is how far the wheel is turned, in pixels.
type Wheel struct {
	Y float64 `yaml:"y" short:"true" doc:"down"`
	X float64 `yaml:"x" doc:"to the right"`
}

// Fault tells of a step that does nothing.
func (m *Mouse) Fault() string {
	if m.Move == nil && m.Click == nil && m.Down == "" && m.Up == "" && m.Wheel == nil {
		return "say what is done: give move, click, down, up or wheel"
	}
	return ""
}

// Run works the mouse in this order: move, click, down, up, wheel.
func (m *Mouse) Run(ctx context.Context, on *StepContext) error {
	mouse := on.Page.Mouse()
	if m.Move != nil {
		if err := m.Move.at(ctx, on, "moving the mouse", func(x, y float64) error { return mouse.Move(x, y) }); err != nil {
			return err
		}
	}
	if m.Click != nil {
		err := m.Click.at(ctx, on, "clicking", func(x, y float64) error {
			return mouse.Click(x, y, playwright.MouseClickOptions{ClickCount: &m.Count})
		})
		if err != nil {
			return err
		}
	}
	if m.Down != "" {
		button := playwright.MouseButton(m.Down)
		if err := callAction(ctx, on, "holding the mouse", func() error { return mouse.Down(playwright.MouseDownOptions{Button: &button}) }); err != nil {
			return err
		}
	}
	if m.Up != "" {
		button := playwright.MouseButton(m.Up)
		if err := callAction(ctx, on, "letting the mouse go", func() error { return mouse.Up(playwright.MouseUpOptions{Button: &button}) }); err != nil {
			return err
		}
	}
	if m.Wheel == nil {
		return nil
	}
	return callAction(ctx, on, "turning the wheel", func() error { return mouse.Wheel(m.Wheel.X, m.Wheel.Y) })
}

// at does something at the point.
func (p *Point) at(ctx context.Context, on *StepContext, what string, f func(x, y float64) error) error {
	x, y := p.X, p.Y
	if p.Of.Given() {
		loc, err := on.firstAlternative(p.Of)
		if err != nil {
			return err
		}
		if err := on.awaitVisible(ctx, p.Of, loc); err != nil {
			return err
		}
		box, err := Call(ctx, "finding "+p.Of.String(), func() (*playwright.Rect, error) {
			if err := loc.ScrollIntoViewIfNeeded(playwright.LocatorScrollIntoViewIfNeededOptions{Timeout: timeoutMillis(ctx)}); err != nil {
				return nil, err
			}
			return loc.BoundingBox(playwright.LocatorBoundingBoxOptions{Timeout: timeoutMillis(ctx)})
		})
		if err != nil {
			return err
		}
		if box == nil {
			return fmt.Errorf("%s has no place on the page", p.Of)
		}
		x, y = x+box.X, y+box.Y
	}
	return callAction(ctx, on, what, func() error { return f(x, y) })
}
