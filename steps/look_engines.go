package steps

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/playwright-community/playwright-go"
)

// A look at an element costs one command, where it is made by a selector engine: the
// engine runs in the driver's own world of the page, which the page's scripts do not see,
// and what it has seen is the text of an element that it makes for the answer. A script
// that is evaluated on the element needs the driver's scripts in the page's world too,
// which each document has to be given anew, and nine commands.

const (
	// fieldEngine makes an element whose text is what fieldJS says of a field.
	fieldEngine = "pipe-field"
	// openEngine gives the element itself, where obstacleJS has nothing to say of it.
	openEngine = "pipe-open"
	// readEngine keeps what is to be read of an element, and answerEngine makes an
	// element whose text is all that was kept: see ReadTogether.
	readEngine   = "pipe-read"
	answerEngine = "pipe-answer"
	// pickEngine keeps an element, and actEngine acts on the one that was kept and makes
	// an element whose text tells what came of it: see actByScript.
	pickEngine = "pipe-pick"
	actEngine  = "pipe-act"
	// secretEngine gives the elements that no picture may show, and coverEngine the one
	// that it is asked of; both mark them for coverStyle. See SecretMasks.
	secretEngine = "pipe-secret"
	coverEngine  = "pipe-cover"
	// elementEngine makes an element whose text is what elementJS says of one. An engine
	// stands within the driver's own script, whose module it sees.
	elementEngine = "pipe-element"
	// snapshotEngine makes one whose text is what there is on a document. See TakeSnapshot.
	snapshotEngine = "pipe-snapshot"
	// pageEngine keeps all elements below one, those of shadow roots too, and makes an
	// element whose text is what elementJS says of them; nthEngine gives one of those
	// kept, numberEngine makes an element whose text is the number of one. See
	// DescribePage.
	pageEngine   = "pipe-page"
	nthEngine    = "pipe-nth"
	numberEngine = "pipe-number"
)

// lookEngines are the engines, by name.
var lookEngines = map[string]string{
	fieldEngine: `{
	query(on, names) { return this.queryAll(on, names)[0]; },
	queryAll(on, names) {
		const answer = document.createElement('span');
		answer.textContent = JSON.stringify((` + fieldJS + `)(on, JSON.parse(names)));
		return [answer];
	},
}`,
	openEngine: `{
	query(on) { return this.queryAll(on)[0]; },
	queryAll(on) { return (` + obstacleJS + `)(on) ? [] : [on]; },
}`,
	readEngine: `{
	query(on, what) { return this.queryAll(on, what)[0]; },
	queryAll(on, what) {
		const w = JSON.parse(what), key = Symbol.for('pipe.read');
		if (globalThis[key]?.round !== w.round) globalThis[key] = {round: w.round, read: []};
		(globalThis[key].read[w.at] ??= []).push((` + readJS + `)(on, w));
		return [];
	},
}`,
	answerEngine: `{
	query(on, round) { return this.queryAll(on, round)[0]; },
	queryAll(on, round) {
		const kept = globalThis[Symbol.for('pipe.read')], answer = document.createElement('span');
		answer.textContent = JSON.stringify(String(kept?.round) === round ? kept.read : []);
		return [answer];
	},
}`,
	pickEngine: `{
	query(on, what) { return this.queryAll(on, what)[0]; },
	queryAll(on, what) {
		const w = JSON.parse(what), key = Symbol.for('pipe.picked');
		if (globalThis[key]?.round !== w.round) globalThis[key] = {round: w.round, picked: []};
		globalThis[key].picked.push(on);
		return [];
	},
}`,
	actEngine: `{
	query(on, what) { return this.queryAll(on, what)[0]; },
	queryAll(on, what) {
		const w = JSON.parse(what), kept = globalThis[Symbol.for('pipe.picked')], answer = document.createElement('span');
		const obstacle = ` + obstacleJS + `;
		answer.textContent = (` + actByScriptJS + `)(kept?.round === w.round ? kept.picked : [], w);
		if (kept) kept.picked = [];
		return [answer];
	},
}`,
	secretEngine: `{
	query(on, texts) { return this.queryAll(on, texts)[0]; },
	queryAll(on, texts) {
		const found = (` + maskedElementsJS + `)(on, JSON.parse(texts));
		found.forEach(e => e.setAttribute('` + coveredAttribute + `', ''));
		return found;
	},
}`,
	elementEngine: `{
	query(on, options) { return this.queryAll(on, options)[0]; },
	queryAll(on, options) {
		const answer = document.createElement('span');
		answer.textContent = JSON.stringify((` + elementJS + `)(on, JSON.parse(options)));
		return [answer];
	},
}`,
	snapshotEngine: `{
	query(on, options) { return this.queryAll(on, options)[0]; },
	queryAll(on, options) {
		const answer = document.createElement('span');
		answer.textContent = JSON.stringify((` + snapshotJS + `)(on, JSON.parse(options), {selectors: (` + snapshotSelectorsJS + `), tree: (` + snapshotTreeJS + `), lists: (` + snapshotListsJS + `), fields: (` + snapshotFieldsJS + `)}));
		return [answer];
	},
}`,
	pageEngine: `{
	query(on, options) { return this.queryAll(on, options)[0]; },
	queryAll(on, options) {
		const answer = document.createElement('span');
		answer.textContent = JSON.stringify((` + pageElementsJS + `)(on, JSON.parse(options), ` + elementJS + `));
		return [answer];
	},
}`,
	nthEngine: `{
	query(on, n) { return this.queryAll(on, n)[0]; },
	queryAll(on, n) {
		const one = globalThis[Symbol.for('pipe.page')]?.kept[+n];
		return one?.isConnected ? [one] : [];
	},
}`,
	numberEngine: `{
	query(on, any) { return this.queryAll(on, any)[0]; },
	queryAll(on) {
		const answer = document.createElement('span');
		const page = globalThis[Symbol.for('pipe.page')];
		answer.textContent = page ? page.kept.indexOf(on) + ' ' + page.frame : '';
		return [answer];
	},
}`,
	coverEngine: `{
	query(on) { return this.queryAll(on)[0]; },
	queryAll(on) {
		on.setAttribute('` + coveredAttribute + `', '');
		return [on];
	},
}`,
}

// RegisterEngines tells a driver of the selector engines that steps use. It is to be
// called before a context is opened.
func RegisterEngines(s playwright.Selectors) error {
	for name, script := range lookEngines {
		err := s.Register(name, playwright.Script{Content: &script}, playwright.SelectorsRegisterOptions{ContentScript: playwright.Bool(true)})
		if err != nil {
			return fmt.Errorf("registering the selector engine %s: %w", name, err)
		}
	}
	return nil
}

// lookAtField gives what fieldJS says of the locator's element, once that is there.
func lookAtField(ctx context.Context, loc playwright.Locator, names []string) (map[string]any, error) {
	arg, err := json.Marshal(append([]string{}, names...))
	if err != nil {
		return nil, err
	}
	text, err := loc.Locator(fieldEngine + "=" + string(arg)).TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	if err != nil {
		return nil, err
	}
	var field map[string]any
	err = json.Unmarshal([]byte(text), &field)
	return field, err
}
