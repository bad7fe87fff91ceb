package steps

import "pipe/specs"

// Verbs lists the steps that there are.
func Verbs() []specs.Verb {
	return []specs.Verb{
		verb[Goto]("goto", "opens an address"),
		verb[Click]("click", "clicks an element"),
		verb[Fill]("fill", "sets a form field to a value"),
		verb[Type]("type", "types a text key by key, for fields that listen to keys"),
		verb[Press]("press", "presses a key, such as Enter or Control+A"),
		verb[Select]("select", "chooses options of a select field"),
		verb[Tick]("check", "ticks a check box or radio button, or unticks it"),
		verb[Hover]("hover", "moves the mouse over an element"),
		verb[Scroll]("scroll", "scrolls an element into view, or the page by an amount"),
		verb[Wait]("wait", "waits until something holds"),
		verb[Expect]("expect", "fails unless something holds"),
		verb[Extract]("extract", "takes values from the page, as steps.NAME.FIELD"),
		verb[Evaluate]("evaluate", "runs JavaScript in the page; its value is steps.NAME"),
		verb[Screenshot]("screenshot", "saves a picture of the page"),
		verb[Capture]("capture", "takes the file that a step makes the site deliver"),
		verb[Dismiss]("dismiss", "answers the JavaScript dialogs that the next steps bring up"),
	}
}

func verb[T any](name, doc string) specs.Verb {
	return specs.Verb{Name: name, Doc: doc, New: func() any { return new(T) }}
}
