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

func TestHTMLTitle(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"<html><head><TITLE id=t>Sign\n in &amp; out </TITLE><title>b</title>":         "Sign in & out",
		"<!-- <title>a</title> --><script>'<title>b</title>'</script><title>c</title>": "c",
		"<title>cut off":    "",
		"<h1>no title</h1>": "",
		"":                  "",
	} {
		if got := pipeline.HTMLTitle([]byte(src)); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
	if got := pipeline.HTMLElement([]byte("<h3>a</h3><h2 class=x>Not <b>found</b></h2>"), "h1", "h2"); got != "Not found" {
		t.Errorf("the heading: %q", got)
	}
}

func TestHTMLMarks(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]struct{ page, asks bool }{
		"<!DOCTYPE html><input name=p type='password'>": {true, true},
		" <!-- c --><head>":                             {true, false},
		"a,<html>":                                      {false, false},
		"f.innerHTML = '<input type=password>'":         {false, true},
		"<html><input type=text placeholder=password>":  {true, false},
	} {
		if got := pipeline.BeginsHTML(src); got != want.page {
			t.Errorf("%q is a page: %v", src, got)
		}
		if got := pipeline.AsksForPassword([]byte(src)); got != want.asks {
			t.Errorf("%q asks for a password: %v", src, got)
		}
	}
}
