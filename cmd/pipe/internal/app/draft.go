package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/codegen"
	"pipe/pipeline/report/console"
	"pipe/pipeline/source/file"
	"pipe/specs"
)

// DraftOptions is what a person tells of a spec that is made of a recording.
type DraftOptions struct {
	// To is the spec's file; "" for NAME.yaml.
	To string
	// Items are the keys of the items that were recorded.
	Items []string
	// List is a file with the items, "" where the site has them.
	List string
	// Force writes over a file that is there.
	Force bool
}

// listRows is how many rows of a list are looked at for the item that was recorded.
const listRows = 5000

// WriteDraft makes a spec of a recording, writes it, and says what was guessed and what to do
// next. It writes over no file, unless it is told to.
func WriteDraft(ctx context.Context, rec codegen.Recording, o DraftOptions, std Std) error {
	if len(o.Items) > 0 {
		rec.Keys = o.Items
	}
	options := codegen.Options{}
	if o.To != "" {
		base := filepath.Base(o.To)
		options.Name = specs.SnakeCase(strings.TrimSuffix(base, filepath.Ext(base)))
	}
	if o.List != "" {
		list, err := readList(ctx, o.List)
		if err != nil {
			return Exit(ExitSpec, fmt.Errorf("reading %s: %w", o.List, err))
		}
		options.List = list
	}
	draft, err := writeSpec(ctx, rec, options)
	if err != nil {
		return err
	}
	to := o.To
	if to == "" {
		to = draft.Name + ".yaml"
	}
	if err := createFile(to, draft.Spec, o.Force); err != nil {
		return err
	}
	for _, note := range draft.Notes {
		fmt.Fprintf(std.Err, "note: %s\n", console.Clean(note))
	}
	for _, lack := range draft.Lacks {
		fmt.Fprintf(std.Err, "NOT YET: %s\n", console.Clean(lack))
	}
	for _, line := range draft.Understood {
		fmt.Fprintf(std.Out, "%s\n", console.Clean(line))
	}
	if err := checkDraft(to, std); err != nil {
		return err
	}
	if len(draft.Lacks) > 0 {
		return Exit(ExitFailed, fmt.Errorf("%s is written, and does not do all items yet: see above", to))
	}
	fmt.Fprintf(std.Out, "%s is written, and valid.\n", to)
	if len(draft.Variables) > 0 {
		fmt.Fprintf(std.Out, "Set %s in the environment, or in a file for --secrets: what was typed is in no file.\n", strings.Join(draft.Variables, ", "))
	}
	items := ""
	if len(rec.Keys) > 0 {
		flags, _ := keyWords("item", rec.Keys[:1])
		items = flags
	}
	fmt.Fprintf(std.Out, "Next: pipe try %[1]s%[2]s, then pipe run %[1]s\n", shellWordOr(to, "SPEC"), items)
	return nil
}

// writeSpec makes a spec, and reads the recorded files for it.
func writeSpec(ctx context.Context, rec codegen.Recording, options codegen.Options) (draft codegen.Draft, err error) {
	err = withReader(ctx, func(read func(context.Context, []byte) (string, int, error)) error {
		options.TextOf = func(f codegen.File) string {
			text, _, err := read(ctx, f.Body)
			if err != nil {
				return "" // the spec says then that nobody has looked
			}
			return text
		}
		draft, err = codegen.Write(rec, options)
		if err != nil {
			return Exit(ExitSpec, err)
		}
		return nil
	})
	return draft, err
}

// checkDraft tells what `pipe validate` would say of a spec once its environment is set up.
func checkDraft(path string, std Std) error {
	v := SpecOptions{Given: true}.check(path)
	if v.OK {
		return nil
	}
	v.print(std)
	return Exit(ExitSpec, fmt.Errorf("%s is written, and not right yet", path))
}

// createFile writes a file, and the folders that it is in.
func createFile(path string, text []byte, force bool) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // it is for everyone
		return Exit(ExitEnvironment, err)
	}
	if force {
		if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // it is for everyone
			return Exit(ExitEnvironment, err)
		}
		return nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it is for everyone
	if errors.Is(err, os.ErrExist) {
		return Exit(ExitSpec, fmt.Errorf("%s is there already: give another name by -o, or --force to write over it", path))
	}
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	_, err = f.Write(text)
	return exitEnvironment(errors.Join(err, f.Close()))
}

// readList reads the first rows of a list of items, and the names of its columns as
// expressions have them.
func readList(ctx context.Context, path string) (*codegen.ListFile, error) {
	list := &codegen.ListFile{Path: path}
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	switch format {
	case "json", "jsonl":
	case "xlsx", "xls", "ods":
		format = "xlsx"
	default:
		format = "csv"
	}
	names := map[string]bool{}
	for row, err := range file.Read(ctx, pipeline.Table{Format: format, Path: path}) {
		if err != nil {
			return nil, err
		}
		values := map[string]string{}
		for name, value := range row.Fields {
			if specs.SnakeCase(name) == name {
				values[name], names[name] = fmt.Sprint(value), true
			}
		}
		if list.Rows = append(list.Rows, values); len(list.Rows) == listRows {
			break
		}
	}
	if len(list.Rows) == 0 {
		return nil, errors.New("there is no row in it")
	}
	list.Columns = slices.Sorted(maps.Keys(names))
	return list, nil
}
