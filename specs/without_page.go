package specs

import "pipe/specs/document"

// WithoutPage are the steps that run without a page, and the record's fields that are read
// so, in the order of the spec.
func (s *Spec) WithoutPage() (list []*Step, fields Fields) {
	if s.Navigate.Via.HTTP() {
		list = append(list, StepsIn(s.Navigate.Steps)...)
	}
	if s.Download.Via.HTTP() {
		list = append(list, StepsIn(s.Download.Steps)...)
		for _, f := range s.Record.Fields {
			if f.Read.OnPage() {
				fields = append(fields, f)
			}
		}
	}
	return list, fields
}

// needPage is what is told of a step that cannot run without a page.
const needPage = "it needs a page in a browser: %s; leave via: http out, or find another way"

// checkWithoutPage finds what is to run without a page and cannot.
func (d *decoder) checkWithoutPage(s *Spec, needs func(part any) string) {
	if s.Download.Via.HTTP() && !s.Navigate.Via.HTTP() {
		d.FaultAt(d.Texts.Find("download.via"), "download.via", "steps without a page begin where those before them ended: give navigate `via: http` too")
	}
	if needs == nil {
		return
	}
	list, fields := s.WithoutPage()
	for _, step := range list {
		if why := needs(step); why != "" {
			d.FaultAt(step.Pos, step.Path, needPage, why)
		}
	}
	for _, f := range fields {
		if why := needs(&f.Read); why != "" {
			d.Faults = append(d.Faults, document.Fault{Pos: f.Pos, Path: "record.fields." + f.Name, Message: "it needs a page in a browser: " + why, Source: d.Texts.Line(f.Pos)})
		}
	}
}
