package capture

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// fault is how a site answers the request for a file.
type fault struct {
	name string
	// brings tells what has to come of it: the file, the file without proof of its
	// end, or none.
	brings outcome
	// status is the one that the failure has to name, 0 where it is another.
	status int
	// head is what the answer has beside its type; body what follows, as it travels.
	head string
	body func(content []byte) []byte
	// first is a file that the trigger brings before: of a wrong kind, or another's.
	first string
}

type outcome int

const (
	whole_ outcome = iota
	unproved
	none
	// either is where failing is as good.
	either
)

func plain(b []byte) []byte { return b }

func half(b []byte) []byte { return b[:len(b)/2] }

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// chunked sends a body in chunks, with the last or without.
func chunked(b []byte, end string) []byte {
	var out bytes.Buffer
	for len(b) > 0 {
		part := b[:min(len(b), 4096)]
		fmt.Fprintf(&out, "%x\r\n%s\r\n", len(part), part)
		b = b[len(part):]
	}
	return append(out.Bytes(), end...)
}

const (
	length = "Content-Length: SIZE\r\n" // of what travels when nothing is cut
	chunks = "Transfer-Encoding: chunked\r\n"
	gz     = "Content-Encoding: gzip\r\n"
	last   = "0\r\n\r\n"
)

// faults are the ways in which an answer can be right or wrong.
var faults = []fault{
	{name: "length", head: length, body: plain},
	{name: "chunks", head: chunks, body: func(b []byte) []byte { return chunked(b, last) }},
	{name: "gzip", head: gz + length, body: gzipped},
	{name: "gzipchunks", head: gz + chunks, body: func(b []byte) []byte { return chunked(gzipped(b), last) }},
	{name: "open", brings: unproved, body: plain},
	{name: "all", head: "Content-Range: bytes 0-LAST/SIZE\r\n" + length, body: plain, status: 206},

	{name: "cutlength", brings: none, head: length, body: half},
	{name: "cutchunks", brings: none, head: chunks, body: func(b []byte) []byte { return chunked(half(b), "") }},
	{name: "cutgzip", brings: none, head: gz + length, body: func(b []byte) []byte { return half(gzipped(b)) }},
	{name: "cutgzipchunks", brings: none, head: gz + chunks, body: func(b []byte) []byte { return chunked(half(gzipped(b)), "") }},
	{name: "cutopen", brings: unproved, body: half},
	{name: "part", brings: none, head: "Content-Range: bytes 0-99/SIZE\r\nContent-Length: 100\r\n", body: func(b []byte) []byte { return b[:100] }, status: 206},

	{name: "gone", brings: none, status: 404, head: "Content-Length: 4\r\n", body: func([]byte) []byte { return []byte("gone") }},
	{name: "failed", brings: none, status: 500, head: "Content-Length: 6\r\n", body: func([]byte) []byte { return []byte("failed") }},
	{name: "nothing", brings: none, status: 204, body: func([]byte) []byte { return nil }},

	{name: "wrongfirst", brings: either, first: "wrong", head: length, body: plain},
	{name: "otherfirst", brings: either, first: "other", head: length, body: plain},
}

func faultOf(name string) *fault {
	for i := range faults {
		if faults[i].name == name {
			return &faults[i]
		}
	}
	return nil
}

// picture is a file of another kind than those that are wanted.
var picture = []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("picture", 100))

// misbehave answers as the fault that the id names, and tells whether it names one:
// by "way-fault", and "way-fault-first" for what comes before.
func misbehave(w http.ResponseWriter, id, kind, disposition string) bool {
	way, rest, _ := strings.Cut(id, "-")
	name, before, isFirst := strings.Cut(rest, "-")
	f := faultOf(name)
	if f == nil {
		return false
	}
	body, how := content(id), *f
	if isFirst {
		how = fault{head: length, body: plain} // in good order
		body = content(way + "-" + before)
		if before == "wrong" {
			body, kind = picture, "image/png"
		}
	}
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprintf(out, "HTTP/1.1 %d Status\r\nConnection: close\r\nContent-Type: %s\r\n%s", cmp.Or(how.status, 200), kind, disposition)
	size := len(body)
	if strings.Contains(how.head, gz) {
		size = len(gzipped(body))
	}
	fmt.Fprint(out, strings.NewReplacer("SIZE", strconv.Itoa(size), "LAST", strconv.Itoa(size-1)).Replace(how.head))
	fmt.Fprint(out, "\r\n")
	_, _ = out.Write(how.body(body))
	_ = out.Flush()
	return true
}
