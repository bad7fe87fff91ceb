package expr_test

import (
	"testing"

	"pipe/specs/expr"
)

func TestCutExpression(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		` item.a }} b`:                      {` item.a `, ` b`},
		`a}}}`:                              {`a`, `}`},
		`}}`:                                {``, ``},
		` "}}" + item.a }} b`:               {` "}}" + item.a `, ` b`},
		` '}}' }} b`:                        {` '}}' `, ` b`},
		" `}}\\` }} b":                      {" `}}\\` ", ` b`},
		` "\"}}" }} b`:                      {` "\"}}" `, ` b`},
		` '\'}}\\' }} b`:                    {` '\'}}\\' `, ` b`},
		` {"a": {"b": 1}} }} b`:             {` {"a": {"b": 1}} `, ` b`},
		` {"a": {"b": 1}}}} b`:              {` {"a": {"b": 1}}`, ` b`},
		` {"a": 1}}} b`:                     {` {"a": 1}`, ` b`},
		` filter(x, {any(#, {# > 1})})}} }`: {` filter(x, {any(#, {# > 1})})`, ` }`},
		` filter(x, {map(#, {.a})}) }} b`:   {` filter(x, {map(#, {.a})}) `, ` b`},
		" x /* it's }} */ }} 'b'":           {" x /* it's }} */ ", " 'b'"},
		" x // it's x }} 'b' }}":            {" x // it's x ", " 'b' }}"},
		" x // it's x\n + '}}' }} b":        {" x // it's x\n + '}}' ", " b"},
		` x / y }} b`:                       {` x / y `, ` b`},
		// What is not right ends at the first, which is told.
		` "a }} b`:   {` "a `, ` b`},
		` {a }} b`:   {` {a `, ` b`},
		` x /* }} b`: {` x /* `, ` b`},
	} {
		code, after, closed := expr.CutExpression(text)
		if code != want[0] || after != want[1] || !closed {
			t.Errorf("%q: %q and %q, closed %v; want %q", text, code, after, closed, want)
		}
	}
	for _, text := range []string{``, ` a `, ` a }`, ` "}" `} {
		if _, _, closed := expr.CutExpression(text); closed {
			t.Errorf("%q is closed", text)
		}
	}
}
