package steps

import "pipe/specs"

// Verbs lists the steps that there are.
func Verbs() []specs.Verb { return append(acts(), flow()...) }

// acts are those that do something on the page or the site.
func acts() []specs.Verb {
	return []specs.Verb{
		verb[Goto]("goto", "opens an address",
			`goto: /inventory`),
		verb[Click]("click", "clicks an element",
			`click: {role: button, name: Export}`),
		verb[Fill]("fill", "sets a form field to a value",
			`fill: {label: User name, value: "${{ account.username }}"}`),
		verb[Type]("type", "types a text key by key, for fields that listen to keys",
			`type: {selector: "#search", value: "${{ item.reference }}", delay: 50ms}`),
		verb[Press]("press", "presses a key, such as Enter or Control+A",
			`press: Enter`),
		verb[Select]("select", "chooses options of a select field",
			`select: {label: Branch, option: North}`),
		verb[Tick]("check", "ticks a check box or radio button, or unticks it",
			`check: {label: Remember me}`),
		verb[Hover]("hover", "moves the mouse over an element",
			`hover: {role: link, name: Reports}`),
		verb[Scroll]("scroll", "scrolls an element into view, or the page by an amount",
			`scroll: {text: Show more}`),
		verb[Wait]("wait", "waits until something holds",
			`wait: {selector: "#status", text: Ready}`),
		verb[Expect]("expect", "fails unless something holds",
			`expect: {hidden: ".no-results", class: not_found, reason: "there is no ${{ item.reference }}"}`),
		verb[Extract]("extract", "takes values from the page, as steps.NAME.FIELD",
			`extract: {name: page, fields: {vin: {text_of: "#vin"}}}`),
		verb[Evaluate]("evaluate", "runs JavaScript in the page; its value is steps.NAME",
			`evaluate: {name: rows, script: "document.querySelectorAll('tr').length"}`),
		verb[Screenshot]("screenshot", "saves a picture of the page",
			`screenshot: ${{ item.reference }}.png`),
		verb[Capture]("capture", "takes the file that a step makes the site deliver",
			`capture: {on: {click: {text: Create PDF}}, as: "${{ item.reference }}.pdf", expect: pdf}`),
		verb[Dismiss]("dismiss", "answers the JavaScript dialogs that the next steps bring up",
			`dismiss: {accept: true}`),
		verb[Request]("request", "asks the site beside the page, with the session's cookies; steps.NAME is its answer",
			`request: {name: api, url: "/api/vehicles/${{ item.reference }}"}`),
		verb[Upload]("upload", "puts files into a file field",
			`upload: {label: Papers, files: ["papers/${{ item.reference }}.pdf"]}`),
		verb[Keyboard]("keyboard", "works the keys, for whatever has the focus",
			`keyboard: {press: [ArrowDown, Enter]}`),
		verb[Mouse]("mouse", "moves the mouse and works its buttons, at points of the page",
			`mouse: {click: {x: 10, y: 20, of: "#map"}}`),
		verb[Drag]("drag", "drags one element onto another",
			`drag: {from: "#card", to: "#done"}`),
	}
}

// flow are those that say which steps run, and what becomes of the item.
func flow() []specs.Verb {
	return []specs.Verb{
		verb[Set]("set", "gives vars values, for the item from there on",
			`set: {total: "${{ 1 + 1 }}"}`),
		verb[Then]("then", "runs steps when the if of the same step holds, else those in else",
			`{if: 'item.reference startsWith "A"', then: [{click: "#a"}], else: [{click: "#b"}]}`),
		verb[Try]("try", "runs steps and, when one of them fails, those in rescue",
			`{try: [{click: "#new"}], rescue: [{click: "#old"}]}`),
		verb[Each]("each", "runs steps for each value of a list, or for each element that matches",
			`each: {element: "#files tr", index: n, do: [{capture: {from: a, as: "${{ item.reference }}-${{ vars.n }}.pdf"}}]}`),
		verb[While]("while", "runs steps as long as something holds",
			`while: {visible: "#unread", most: 50, do: [{click: "#unread"}, {wait: "#read"}]}`),
		verb[Paginate]("paginate", "runs steps on each page of a list",
			`paginate: {next: {role: link, name: Next}, rows: "#list li", do: [{screenshot: "${{ item.reference }}.png"}]}`),
		verb[Tab]("tab", "runs steps in a further tab, and closes it",
			`tab: {on: {click: {role: link, name: History}}, do: [{extract: {name: history, fields: {owners: {text_of: "#owners"}}}}]}`),
		verb[Fail]("fail", "fails the attempt at the item, as the class says",
			`{if: 'item.reference == ""', fail: {class: not_found, reason: "it has no reference"}}`),
		verb[Skip]("skip", "settles the item without a file, which is no failure",
			`{if: 'item.reference == "none"', skip: "there is nothing to fetch"}`),
		verb[Log]("log", "writes a line to the run's log",
			`log: "at ${{ item.reference }}"`),
	}
}

func verb[T any](name, doc, example string) specs.Verb {
	return specs.Verb{Name: name, Doc: doc, Example: example, New: func() any { return new(T) }}
}
