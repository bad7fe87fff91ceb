package steps

import (
	"pipe/specs"
	"pipe/specs/expr"
)

// Print says how a page that is itself the document becomes a PDF.
type Print struct {
	Format     string        `yaml:"format" short:"true" enum:"letter,legal,tabloid,ledger,a0,a1,a2,a3,a4,a5,a6" default:"letter" doc:"the paper"`
	Landscape  bool          `yaml:"landscape" doc:"the paper lies on its long side"`
	Margin     Margin        `yaml:"margin" doc:"one length for all sides, or top, right, bottom and left"`
	Scale      float64       `yaml:"scale" default:"1" doc:"from 0.1 to 2"`
	Background bool          `yaml:"background" default:"true" doc:"print background colours and pictures"`
	CSSSize    bool          `yaml:"css_page_size" doc:"the page's own @page size goes before format"`
	Pages      string        `yaml:"pages" doc:"which pages, such as 1-3, 5; default: all"`
	Header     expr.Template `yaml:"header" doc:"HTML on top of each page; elements of the classes date, title, url, pageNumber and totalPages are filled in"`
	Footer     expr.Template `yaml:"footer" doc:"HTML at the foot of each page, likewise"`
}

// Margin is the white around a printed page.
type Margin struct {
	All    specs.Length  `yaml:"all" short:"true" default:"1cm" doc:"on all sides"`
	Top    *specs.Length `yaml:"top" doc:"instead of all"`
	Right  *specs.Length `yaml:"right" doc:"instead of all"`
	Bottom *specs.Length `yaml:"bottom" doc:"instead of all"`
	Left   *specs.Length `yaml:"left" doc:"instead of all"`
}

// side gives one side in inches.
func (m *Margin) side(own *specs.Length) float64 {
	if own != nil {
		return own.Inches()
	}
	return m.All.Inches()
}

// papers are the widths and heights in inches.
var papers = map[string][2]float64{
	"letter": {8.5, 11}, "legal": {8.5, 14}, "tabloid": {11, 17}, "ledger": {17, 11},
	"a0": {33.1, 46.8}, "a1": {23.4, 33.1}, "a2": {16.54, 23.4}, "a3": {11.7, 16.54},
	"a4": {8.27, 11.7}, "a5": {5.83, 8.27}, "a6": {4.13, 5.83},
}

// params are those of the DevTools protocol's Page.printToPDF.
func (p *Print) params(values expr.Values) (map[string]any, error) {
	header, err := p.Header.Text(values)
	if err != nil {
		return nil, err
	}
	footer, err := p.Footer.Text(values)
	if err != nil {
		return nil, err
	}
	// An empty template would print Chromium's own.
	const blank = "<span></span>"
	params := map[string]any{
		"paperWidth": papers[p.Format][0], "paperHeight": papers[p.Format][1],
		"landscape": p.Landscape, "scale": p.Scale, "printBackground": p.Background, "preferCSSPageSize": p.CSSSize, "pageRanges": p.Pages,
		"marginTop": p.Margin.side(p.Margin.Top), "marginRight": p.Margin.side(p.Margin.Right),
		"marginBottom": p.Margin.side(p.Margin.Bottom), "marginLeft": p.Margin.side(p.Margin.Left),
		"displayHeaderFooter": header != "" || footer != "",
		"headerTemplate":      blank + header, "footerTemplate": blank + footer,
	}
	return params, nil
}
