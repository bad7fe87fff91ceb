package engine_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// What TestSoakScale has measured, and the plot that is made of it for the guide.
const (
	measuredScale = "../../specs/guide/scale.csv"
	plottedScale  = "../../specs/guide/scale.svg"
)

var replot = flag.Bool("replot", false, "make the guide's plot of scale anew")

// TestScalePlot makes sure that the guide's plot shows what was measured.
func TestScalePlot(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(measuredScale)
	if err != nil {
		t.Fatal(err)
	}
	want := plotScale(t, string(data))
	if *replot {
		if err := os.WriteFile(plottedScale, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(plottedScale); err != nil || string(have) != want {
		t.Errorf("%s is not of %s (%v): go test ./pipeline/engine -run TestScalePlot -replot", plottedScale, measuredScale, err)
	}
}

// plotScale draws the processors' time over the number of rows, both on scales of powers
// of ten, with the line that has one time as many rows take one time as long.
func plotScale(t *testing.T, measured string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(measured)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := func(text string) float64 {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	x := func(rows float64) float64 { return 70 + 150*(math.Log10(rows)-3) }
	y := func(seconds float64) float64 { return 300 - 60*(math.Log10(seconds)+2) }
	var svg strings.Builder
	fmt.Fprintln(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="12">`)
	fmt.Fprintln(&svg, `<rect width="640" height="360" fill="#fff"/>`)
	for power := 3; power <= 6; power++ {
		at := x(math.Pow10(power))
		fmt.Fprintf(&svg, "<path d=\"M%.0f 60V300\" stroke=\"#ddd\"/><text x=\"%.0f\" y=\"318\" text-anchor=\"middle\">%.0f</text>\n", at, at, math.Pow10(power))
	}
	for power := -2; power <= 2; power++ {
		at := y(math.Pow10(power))
		fmt.Fprintf(&svg, "<path d=\"M70 %.0fH520\" stroke=\"#ddd\"/><text x=\"62\" y=\"%.0f\" text-anchor=\"end\">%g s</text>\n", at, at+4, math.Pow10(power))
	}
	fmt.Fprintf(&svg, "<text x=\"70\" y=\"30\">processors' time of a run of which all rows but one in a thousand are done</text>\n<text x=\"295\" y=\"342\" text-anchor=\"middle\">rows of the list</text>\n")
	colors := map[string]string{"unchanged": "#0b7285", "moved": "#c92a2a"}
	lines, last := map[string]string{}, map[string]float64{}
	for _, row := range rows[1:] {
		name, at, seconds := row[1], x(number(row[0])), number(row[2])
		lines[name] += fmt.Sprintf(" %.1f,%.1f", at, y(seconds))
		last[name] = seconds
		fmt.Fprintf(&svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", at, y(seconds), colors[name])
	}
	for _, name := range []string{"unchanged", "moved"} {
		fmt.Fprintf(&svg, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", strings.TrimSpace(lines[name]), colors[name])
		fmt.Fprintf(&svg, "<text x=\"530\" y=\"%.1f\" fill=\"%s\">%s</text>\n", y(last[name])+4, colors[name], name)
	}
	end := last["unchanged"]
	fmt.Fprintf(&svg, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#868e96\" stroke-dasharray=\"4 4\"/><text x=\"%.1f\" y=\"%.1f\" fill=\"#868e96\">linear</text>\n</svg>\n",
		x(1e4), y(end/100), x(1e6), y(end), x(1e4)-40, y(end/100)+4)
	return svg.String()
}
