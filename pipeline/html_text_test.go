package pipeline_test

import (
	"strings"
	"testing"

	"pipe/pipeline"
)

func TestHTMLText(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"plain, 1 < 2 & more":                               "plain, 1 < 2 & more",
		"<p>Too  many\n<b>requests</b></p>":                 "Too many requests",
		"<style>p{}</style>a<script>if (1<2) x()</script>b": "a b",
		"1<a href=\"/":                                      "1<a href=\"/",
		"a<br>b<!-- c -->d &amp; e":                         "a b d & e",
	} {
		if got := strings.Join(strings.Fields(pipeline.HTMLText([]byte(src))), " "); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}
