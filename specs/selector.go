package specs

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/antchfx/xpath"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// checkSelector tells a selector that cannot be parsed. Expressions in it
// stand for any word.
func (d *decoder) checkSelector(n *yaml.Node, text string, at cursor) {
	if n.Kind != yaml.ScalarNode {
		return
	}
	if len(text) > expr.MaxCode {
		d.FaultAt(d.Pos(n), at.path, "the selector is too long: %d characters at most", expr.MaxCode)
		return
	}
	for strings.Contains(text, "${{") {
		before, after, _ := strings.Cut(text, "${{")
		_, after, _ = expr.CutExpression(after)
		text = before + "x" + after
	}
	if err := parseSelector(text); err != nil {
		d.FaultAt(d.Pos(n), at.path, "the selector %q does not parse: %v", document.Shorten(n.Value, 200), err)
	}
}

// parseSelector checks a Playwright selector: parts joined by >>, each with an
// engine in front or CSS.
func parseSelector(text string) error {
	for _, p := range strings.Split(text, ">>") {
		p = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(p), "*"))
		engine, body, ok := strings.Cut(p, "=")
		switch {
		case p == "":
			return errors.New("it is empty, or a part of it beside >> is")
		case strings.HasPrefix(p, "//"), strings.HasPrefix(p, ".."):
			if err := parseXPath(p); err != nil {
				return err
			}
			continue
		case strings.HasPrefix(p, "\""), strings.HasPrefix(p, "'"):
			continue // a quoted text
		case ok && strings.TrimSpace(engine) == "xpath":
			if err := parseXPath(body); err != nil {
				return err
			}
			continue
		case ok && strings.TrimSpace(engine) == "css":
			p = body
		case ok && isWord(engine):
			if !slices.Contains([]string{"text", "xpath", "id", "role", "nth", "visible", "data-testid", "data-test-id", "data-test", "internal:has-text", "internal:label", "internal:has", "internal:text", "internal:attr"}, engine) {
				return fmt.Errorf("there is no selector engine %q%s", engine, document.DidYouMean(engine, []string{"css", "text", "xpath", "id", "role", "nth", "visible"}))
			}
			continue
		}
		if err := parseCSS(p); err != nil {
			return err
		}
	}
	return nil
}

func isWord(s string) bool {
	return s != "" && !strings.ContainsAny(s, " .#[]():>+~*\"'")
}

func parseXPath(text string) error {
	_, err := xpath.Compile(text)
	if err != nil {
		return fmt.Errorf("as XPath: %w", err)
	}
	return nil
}

// parseCSS checks quotes, brackets and dangling combinators. Playwright's own
// pseudo-classes make a stricter check refuse what works.
func parseCSS(text string) error {
	lexer := css.NewLexer(parse.NewInputString(text))
	var open []string
	closes := map[css.TokenType]string{css.RightBracketToken: "[", css.RightParenthesisToken: "(", css.RightBraceToken: "{"}
	dangling := true
	for {
		kind, data := lexer.Next()
		switch kind {
		case css.ErrorToken:
			return endOfCSS(lexer.Err(), open, dangling)
		case css.BadStringToken, css.BadURLToken:
			return errors.New("a quote is not closed")
		case css.LeftBracketToken, css.LeftParenthesisToken:
			open = append(open, string(data))
		case css.FunctionToken:
			open = append(open, "(")
		case css.LeftBraceToken, css.SemicolonToken, css.AtKeywordToken:
			return fmt.Errorf("%q has no place in a selector", data)
		case css.NumberToken, css.DimensionToken, css.PercentageToken:
			if len(open) == 0 {
				return errDigit(text, string(data))
			}
		case css.RightBracketToken, css.RightParenthesisToken, css.RightBraceToken:
			if len(open) == 0 || open[len(open)-1] != closes[kind] {
				return fmt.Errorf("%q closes nothing", data)
			}
			open = open[:len(open)-1]
		case css.WhitespaceToken, css.CommentToken:
			continue
		}
		if combinator := kind == css.CommaToken || kind == css.DelimToken && strings.ContainsAny(string(data), ">+~."); len(open) == 0 {
			if combinator && dangling && string(data) != "." && string(data) != ">" {
				return fmt.Errorf("%q stands where an element is wanted", data)
			}
			dangling = combinator
		}
	}
}

// duration is what looks like one in the place of a selector, as in wait: 2s.
var duration = regexp.MustCompile(`^\d+(\.\d+)?\s*(ms|s|m|h)?$`)

// errDigit tells of a name that is none.
func errDigit(text, name string) error {
	if duration.MatchString(strings.TrimSpace(text)) {
		return errors.New("it is a time, and there are no fixed sleeps: wait for something that shows, such as wait: \"#result\"")
	}
	return fmt.Errorf("%q is no name of an element or a class, for it begins with a digit", name)
}

func endOfCSS(err error, open []string, dangling bool) error {
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case len(open) > 0:
		return fmt.Errorf("%q is not closed", open[len(open)-1])
	case dangling:
		return errors.New("it ends where an element is wanted")
	default:
		return nil
	}
}
