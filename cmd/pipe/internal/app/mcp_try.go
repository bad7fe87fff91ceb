package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"pipe/pipeline/engine"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/secret"
)

// tryInput names an item that is tried.
type tryInput struct {
	Spec        string `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
	Item        string `json:"item,omitempty" jsonschema:"the key of the item; default the first of the list"`
	Until       string `json:"until,omitempty" jsonschema:"go no further than this step, by its path such as navigate.steps[2] or its name"`
	AllowWrites bool   `json:"allow_writes,omitempty" jsonschema:"do steps that may change something on the site, and take files; without it the trial ends before the first of them. Ask the user first"`
	AllowOnce   bool   `json:"allow_once,omitempty" jsonschema:"with allow_writes: do what must happen once for an item too. Ask the user first"`
}

func (m *mcpServer) try(ctx context.Context, call *mcp.CallToolRequest, in tryInput, a *answer) error {
	path, err := m.path(in.Spec)
	if err != nil {
		return err
	}
	return m.onSite(ctx, path, a, func(ctx context.Context, cfg engine.Config, secrets *secret.Store) error {
		if err := errors.Join(readsOnly(cfg.Spec, in.AllowWrites), noStep("until", preview.CheckUntil(cfg.Spec, in.Until))); err != nil {
			return Exit(ExitSpec, err)
		}
		report := m.tell(ctx, call, a)
		cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
		trial, err := preview.NewTrial(ctx, cfg, in.Item, report)
		if err != nil {
			return noItem(err)
		}
		defer trial.Leave()
		var last []byte
		if trial.Until, trial.Once = in.Until, in.AllowWrites && in.AllowOnce; !in.AllowWrites {
			trial.Allowed = preview.AllowReads
		}
		trial.Picture = func(_ string, png []byte) (string, error) {
			last = png
			return "", nil
		}
		known, err := (&try{}).known(ctx, cfg.Spec, ownFolder(cfg.Spec))
		if err != nil {
			return err
		}
		if known != nil {
			defer func() { _ = known.Close() }()
			trial.Known = known
		}
		result, err := trial.Run(ctx)
		if err != nil {
			return err
		}
		if result.Left != "" && !in.AllowWrites {
			fmt.Fprintf(&a.out, "ended before %s: it may change something on the site, or takes a file; allow_writes has it done\n", console.Clean(result.Left))
			return nil
		}
		x := &try{TryOptions: TryOptions{Until: in.Until}, path: path, std: a.std()}
		x.secrets.Store(secrets)
		if result.Fault != nil && last != nil {
			a.pictures = append(a.pictures, last)
		}
		for _, f := range result.Files {
			fmt.Fprintf(&a.out, "file %s: %s, %d bytes, by %s\n", console.Clean(f.Name), f.Type, f.Size, f.Via)
		}
		return x.result(result)
	})
}

// ownFolder is a spec's output folder.
func ownFolder(spec *specs.Spec) string {
	dir, err := OutFolder("", spec)
	if err != nil {
		return "" // without a working directory there is no ledger
	}
	return dir
}
