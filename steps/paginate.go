package steps

import (
	"context"
	"fmt"

	"pipe/specs"
)

func init() {
	register[Paginate](270, "paginate", "runs steps on each page of a list",
		`paginate: {next: {role: link, name: Next}, rows: "#list li", do: [{screenshot: "${{ item.reference }}.png"}]}`)
}

// Paginate runs steps on each page of a list.
type Paginate struct {
	specs.Paging
	Rows  specs.Target  `yaml:"rows" doc:"what the pages show: the page has turned once these are others; default: any other text on the page, once all is quiet"`
	First string        `yaml:"first" enum:"process,page" doc:"process: do runs on each page; page: all pages are turned first, and do runs once; default process, and page with more and scroll"`
	Index specs.VarName `yaml:"index" doc:"the name under which do knows the page's number, from 1, as vars.NAME"`
	Do    []specs.Step  `yaml:"do" required:"true" doc:"the steps"`
}

// Fault tells what is wrong with the fields together.
func (p *Paginate) Fault() string {
	if fault := p.Paging.Fault(); fault != "" {
		return fault
	}
	if p.Total != nil && !p.Rows.Given() {
		return "total goes with rows: say what the pages show"
	}
	return noSteps(p.Do)
}

func (*Paginate) unlimited() {}

func (p *Paginate) nestedSteps() [][]specs.Step { return [][]specs.Step{p.Do} }

func (p *Paginate) firstSteps() ([][]specs.Step, bool) { return p.nestedSteps(), true }

// Run turns the pages; their number is steps.NAME.
func (p *Paginate) Run(ctx context.Context, on *StepContext) error {
	before := on.currentVars()
	read, err := on.EachPage(ctx, &PageList{Paging: &p.Paging, Rows: p.Rows, First: p.First}, func(n int) error {
		if p.Index != "" {
			on.SetVar(p.Index, n)
		}
		return on.runNested(p.Do, p.First != "page", func(list []specs.Step) error { return on.Run(ctx, list) })
	})
	on.restoreVars(before, p.Index)
	on.setValue(read.Pages)
	if read.Left {
		on.SetNote(fmt.Sprintf("%d pages, and there may be more: most is reached", read.Pages))
	}
	return err
}
