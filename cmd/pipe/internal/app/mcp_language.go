package app

import (
	"context"
	"errors"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"pipe/specs/schema"
	"pipe/steps"
)

// stepsInput asks for the reference.
type stepsInput struct {
	Name     string `json:"name,omitempty" jsonschema:"the step to tell all about, such as click; without it all are listed"`
	Function string `json:"function,omitempty" jsonschema:"instead of a step: the function of expressions to tell all about, or 'all' for a list"`
}

// specInput names a spec.
type specInput struct {
	Spec string `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
}

// fmtInput names a spec to be put in order.
type fmtInput struct {
	Spec  string `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
	Check bool   `json:"check,omitempty" jsonschema:"only tell whether it is in order"`
}

// addLanguageTools adds what needs neither a site nor what runs have left.
func (m *mcpServer) addLanguageTools(s *mcp.Server) {
	tool(s, m, "schema", "The JSON Schema of specs.", true, func(_ context.Context, _ *mcp.CallToolRequest, _ struct{}, a *answer) error {
		a.out.Write(schema.Spec(steps.Verbs()))
		return nil
	})
	tool(s, m, "steps", "The reference of steps, and of the functions that expressions have: all, or one with its fields and examples.", true,
		func(_ context.Context, _ *mcp.CallToolRequest, in stepsInput, a *answer) error {
			var text []byte
			var err error
			switch {
			case in.Function == "all":
				text = FunctionList()
			case in.Function != "":
				text, err = OneFunction(in.Function)
			case in.Name != "":
				text, err = OneStep(in.Name)
			default:
				text = StepList()
			}
			a.out.Write(text)
			return Exit(ExitSpec, err)
		})
	tool(s, m, "validate", "All that is wrong with a spec and can be found without a browser, as JSON with file, line, column and the line itself.", true,
		func(_ context.Context, _ *mcp.CallToolRequest, in specInput, a *answer) error {
			path, err := m.path(in.Spec)
			if err != nil {
				return err
			}
			return Validate([]string{path}, ValidateOptions{SpecOptions: m.opts, AsJSON: true}, a.std())
		})
	tool(s, m, "fmt", "Puts the fields of a spec in their one order, in its file; nothing that it says changes, comments stay.", false,
		func(_ context.Context, _ *mcp.CallToolRequest, in fmtInput, a *answer) error {
			path, err := m.path(in.Spec)
			if err != nil {
				return err
			}
			if code := FormatFile(a.std(), path, in.Check); code != ExitDone {
				return Exit(code, nil)
			}
			if a.out.Len() == 0 {
				a.out.WriteString("it is in order\n")
			}
			return nil
		})
}

// noStep is the error of an option that names no step.
func noStep(option string, err error) error {
	if err == nil {
		return nil
	}
	return Exit(ExitSpec, errors.New(option+": "+err.Error()))
}
