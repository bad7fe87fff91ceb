package client

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// decode has an answer's body read as what it was encoded of, where it is in a way
// that browsers ask for. Any other stays as it is, to be told.
func decode(answer *http.Response) {
	names := strings.Split(strings.Join(answer.Header.Values("Content-Encoding"), ","), ",")
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" || name == "identity" })
	if len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return decoders[name] == nil }) {
		return
	}
	body := &decodedBody{raw: answer.Body, names: names}
	answer.Body = body
	answer.Header.Del("Content-Encoding")
	answer.Header.Del("Content-Length")
	answer.ContentLength, answer.Uncompressed = -1, true
}

// decoders are the ways that browsers ask for.
var decoders = map[string]func(io.Reader) (io.Reader, error){
	"gzip":    func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	"x-gzip":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	"deflate": inflate,
	"br":      func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	"zstd": func(r io.Reader) (io.Reader, error) {
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	},
}

// inflate reads what sites send as deflate: with a head, as it is meant, or without.
func inflate(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(in)
	}
	return flate.NewReader(in), nil
}

// decodedBody is an encoded body, read as what it was encoded of. It ends well only
// where the encoded one does.
type decodedBody struct {
	raw   io.ReadCloser
	names []string
	// plain is the decoder, from the first read on; opened are those to close.
	plain  io.Reader
	opened []io.Closer
	err    error
}

func (b *decodedBody) Read(p []byte) (int, error) {
	if b.err == nil && b.plain == nil {
		b.err = b.open()
	}
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.plain.Read(p)
	if errors.Is(err, io.EOF) {
		// What is behind the end is nobody's, but that it came is.
		if _, failed := io.Copy(io.Discard, b.raw); failed != nil {
			err = failed
		}
	}
	b.err = err
	return n, err
}

func (b *decodedBody) open() error {
	in := io.Reader(b.raw)
	for _, name := range slices.Backward(b.names) {
		out, err := decoders[name](in)
		if errors.Is(err, io.EOF) {
			return io.EOF // nothing at all came, as to a HEAD
		}
		if err != nil {
			return err
		}
		if c, ok := out.(io.Closer); ok {
			b.opened = append(b.opened, c)
		}
		in = out
	}
	b.plain = in
	return nil
}

func (b *decodedBody) Close() error {
	for _, one := range b.opened {
		_ = one.Close()
	}
	return b.raw.Close()
}
