package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pipe/specs"
	"pipe/steps"
)

func stepsCommand(io streams) *cobra.Command {
	var functions, markdown bool
	var to string
	cmd := &cobra.Command{
		Use:   "steps [NAME]",
		Short: "Tell the steps that there are, or all about one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case functions && len(args) == 1:
				text, err := oneFunction(args[0])
				if err != nil {
					return exit(ExitSpec, err)
				}
				return deliver(io, to, text)
			case functions:
				return deliver(io, to, functionList())
			case markdown:
				return deliver(io, to, specs.Reference(steps.Verbs()))
			case len(args) == 1:
				text, err := oneStep(args[0])
				if err != nil {
					return exit(ExitSpec, err)
				}
				return deliver(io, to, text)
			default:
				return deliver(io, to, stepList())
			}
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			switch {
			case len(args) > 0:
			case functions:
				for _, f := range allFunctions() {
					names = append(names, cobra.CompletionWithDesc(f.Name, f.Doc))
				}
			default:
				for _, v := range steps.Verbs() {
					names = append(names, cobra.CompletionWithDesc(v.Name, v.Doc))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&functions, "functions", false, "the names and functions that expressions know, or all about the function NAME")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "the whole language, as the reference page")
	cmd.Flags().StringVarP(&to, "output", "o", "", "write to a `FILE`")
	cmd.MarkFlagsMutuallyExclusive("functions", "markdown")
	return cmd
}

func stepList() []byte {
	var b strings.Builder
	for _, v := range steps.Verbs() {
		fmt.Fprintf(&b, "%-12s %s\n", v.Name, v.Doc)
	}
	b.WriteString("\n")
	for _, d := range specs.DescribeStandIns() {
		fmt.Fprintf(&b, "%-12s %s\n", d.Name, d.Doc)
	}
	b.WriteString("\n`pipe steps NAME` tells all about one.\n")
	return []byte(b.String())
}

func oneStep(name string) ([]byte, error) {
	for _, d := range specs.DescribeStandIns() {
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
	for j, d := range specs.DescribeStep(verbs[i]) {
		if j > 0 {
			b.WriteString("\n")
		}
		b.WriteString(d.Text())
	}
	b.WriteString("\nAny step also takes " + strings.Join(specs.Modifiers(), ", ") + ".\n")
	return []byte(b.String()), nil
}

func functionList() []byte {
	var b strings.Builder
	for _, n := range specs.Names() {
		fmt.Fprintf(&b, "%-30s %s\n", n[0], n[1])
	}
	b.WriteString("\n")
	for _, f := range specs.Functions() {
		fmt.Fprintf(&b, "%-30s %s\n", f.Use, f.Doc)
	}
	b.WriteString("\nThe language itself has these, among others:\n\n")
	for _, f := range specs.LanguageExamples() {
		fmt.Fprintf(&b, "%-30s %s\n", f.Use, f.Doc)
	}
	fmt.Fprintf(&b, "\n`pipe steps --functions NAME` shows one at work. All of https://expr-lang.org/docs/language-definition:\n%s\n", strings.Join(specs.LanguageFunctions(), " "))
	return []byte(b.String())
}

// allFunctions are those that there is something to tell of.
func allFunctions() []specs.Function {
	return slices.DeleteFunc(slices.Concat(specs.Functions(), specs.LanguageExamples()), func(f specs.Function) bool { return f.Name == "" })
}

func oneFunction(name string) ([]byte, error) {
	all := allFunctions()
	i := slices.IndexFunc(all, func(f specs.Function) bool { return f.Name == name })
	if i < 0 && slices.Contains(specs.LanguageFunctions(), name) {
		return fmt.Appendf(nil, "%s: see https://expr-lang.org/docs/language-definition#%s\n", name, strings.ToLower(name)), nil
	}
	if i < 0 {
		var names []string
		for _, f := range all {
			names = append(names, f.Name)
		}
		return nil, fmt.Errorf("there is no function %q%s: there are %s", name, specs.DidYouMean(name, specs.FunctionNames()), strings.Join(names, ", "))
	}
	f := all[i]
	return fmt.Appendf(nil, "%s: %s\n\n    ${{ %s }}\n    gives %s\n", f.Use, f.Doc, f.Example, f.Gives), nil
}
