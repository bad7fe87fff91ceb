package app

import (
	"fmt"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/specs/schema"
	"pipe/steps"
)

// StepList names all steps, each with what it does.
func StepList() []byte {
	var b strings.Builder
	for _, v := range steps.Verbs() {
		fmt.Fprintf(&b, "%-12s %s\n", v.Name, v.Doc)
	}
	b.WriteString("\n")
	for _, d := range schema.DescribeStandIns() {
		fmt.Fprintf(&b, "%-12s %s\n", d.Name, d.Doc)
	}
	b.WriteString("\n`pipe steps NAME` tells all about one.\n")
	return []byte(b.String())
}

// OneStep tells all about one step; it is an error that there is none of the name.
func OneStep(name string) ([]byte, error) {
	for _, d := range schema.DescribeStandIns() {
		if d.Name == name {
			return []byte(d.Text()), nil
		}
	}
	verbs := steps.Verbs()
	i := slices.IndexFunc(verbs, func(v specs.Verb) bool { return v.Name == name })
	if i < 0 {
		var names []string
		for _, v := range verbs {
			names = append(names, v.Name)
		}
		return nil, fmt.Errorf("there is no step %q: there are %s", name, strings.Join(names, ", "))
	}
	var b strings.Builder
	for j, d := range schema.DescribeStep(verbs[i]) {
		if j > 0 {
			b.WriteString("\n")
		}
		b.WriteString(d.Text())
	}
	b.WriteString("\nAny step also takes " + strings.Join(specs.Modifiers(), ", ") + ".\n")
	return []byte(b.String()), nil
}

// FunctionList names all that expressions know.
func FunctionList() []byte {
	var b strings.Builder
	for _, n := range expr.Names() {
		fmt.Fprintf(&b, "%-30s %s\n", n[0], n[1])
	}
	b.WriteString("\n")
	for _, f := range expr.Functions() {
		fmt.Fprintf(&b, "%-30s %s\n", f.Use, f.Doc)
	}
	b.WriteString("\nThe language itself has these, among others:\n\n")
	for _, f := range expr.LanguageExamples() {
		fmt.Fprintf(&b, "%-30s %s\n", f.Use, f.Doc)
	}
	fmt.Fprintf(&b, "\n`pipe steps --functions NAME` shows one at work. All of https://expr-lang.org/docs/language-definition:\n%s\n", strings.Join(expr.LanguageFunctions(), " "))
	return []byte(b.String())
}

// AllFunctions are those that there is something to tell of.
func AllFunctions() []expr.Function {
	return slices.DeleteFunc(slices.Concat(expr.Functions(), expr.LanguageExamples()), func(f expr.Function) bool { return f.Name == "" })
}

// OneFunction tells all about one function of expressions, with an example; it
// is an error that there is none of the name.
func OneFunction(name string) ([]byte, error) {
	all := AllFunctions()
	i := slices.IndexFunc(all, func(f expr.Function) bool { return f.Name == name })
	if i < 0 && slices.Contains(expr.LanguageFunctions(), name) {
		return fmt.Appendf(nil, "%s: see https://expr-lang.org/docs/language-definition#%s\n", name, strings.ToLower(name)), nil
	}
	if i < 0 {
		var names []string
		for _, f := range all {
			names = append(names, f.Name)
		}
		return nil, fmt.Errorf("there is no function %q%s: there are %s", name, document.DidYouMean(name, expr.FunctionNames()), strings.Join(names, ", "))
	}
	f := all[i]
	return fmt.Appendf(nil, "%s: %s\n\n    ${{ %s }}\n    gives %s\n", f.Use, f.Doc, f.Example, f.Gives), nil
}
