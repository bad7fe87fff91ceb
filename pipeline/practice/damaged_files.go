package practice

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
)

// sendDamaged answers with something that is not the vehicle's whole report.
func (s *Site) sendDamaged(w http.ResponseWriter, r *http.Request, v Vehicle, as fileFormat, f fault) {
	switch f {
	case selfClosingTab:
		show(w, http.StatusOK, "self_closing.html", pageData{Title: "Report"})
		return
	case signInPage:
		show(w, http.StatusOK, "login.html", loginPage{pageData: pageData{Title: "Sign In"}})
		return
	case emptyAnswer:
		as.header(w, 0)
		return
	case noContent:
		w.WriteHeader(http.StatusNoContent)
		return
	case refused:
		http.Error(w, "the archive is closed on Saturdays", http.StatusForbidden)
		return
	}
	b, err := s.damaged(v, as, f)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	switch f {
	case cutChunks, cutGzip:
		sendChunks(w, as, b, f == cutGzip)
	case part:
		w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(b)/2-1, len(b)))
		w.Header().Set("Content-Type", as.kind)
		w.WriteHeader(http.StatusPartialContent)
		b = b[:len(b)/2]
		_, _ = w.Write(b)
		return
	}
	as.header(w, len(b))
	switch f {
	case truncatedPDF:
		// The server closes the connection of a handler that returns before it
		// has written what it announced.
		b = b[:len(b)/2]
	case halfThenHang:
		if _, err := w.Write(b[:len(b)/2]); err != nil {
			return
		}
		if http.NewResponseController(w).Flush() == nil {
			wait(r, s.opts.Faults.HangFor)
		}
		return
	}
	_, _ = w.Write(b) // fails only for a client that has left
}

// sendChunks sends half of a file, without its length and without the end, and
// closes the connection.
func sendChunks(w http.ResponseWriter, as fileFormat, b []byte, compressed bool) {
	as.header(w, 0)
	w.Header().Del("Content-Length")
	if compressed {
		w.Header().Set("Content-Encoding", "gzip")
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write(b)
		if err = errors.Join(err, z.Close()); err != nil {
			panic(err) // a buffer takes all
		}
		b = packed.Bytes()
	}
	_, _ = w.Write(b[:len(b)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// damaged makes the bytes that travel in place of the vehicle's own report, on
// the same way.
func (s *Site) damaged(v Vehicle, as fileFormat, f fault) ([]byte, error) {
	switch f {
	case htmlAsPDF:
		b, err := rendered("error.html", "The report could not be created.")
		if err != nil {
			return nil, err
		}
		return as.packed(v, b)
	case viewerPage:
		return as.packed(v, []byte(chromiumViewer))
	case zeroPages:
		return as.packed(v, []byte(pagelessPDF))
	case wrongPDF:
		return as.whole(s.stock.other(v))
	default:
		return as.whole(v)
	}
}

// chromiumViewer is the page that Chromium puts around its PDF viewer, and
// gives to those who ask it for the body of a PDF's address.
const chromiumViewer = `<!doctype html>
<html>
<head><meta charset="utf-8">
  <style>
    body, embed, html { height: 100%; margin: 0; width: 100%; }
    embed { left: 0; position: fixed; top: 0; }
    /* Hide scrollbars when in Presentation mode. */
    .fullscreen { overflow: hidden; }
  </style>
</head>
<body style="height: 100%; width: 100%; overflow: hidden; margin: 0px; background-color: rgb(40, 40, 40);">
  <embed name="plugin" id="plugin" src="about:blank" type="application/pdf" style="position:absolute; left: 0; top: 0;" width="100%" height="100%" internalid="6F1C7A52E90B4D38A1C5F27D40B96E13">
</body>
</html>`

// pagelessPDF is in good order in all but one thing.
var pagelessPDF = func() string {
	const head = "%PDF-1.4\n"
	catalog := "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
	pages := "2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
	return head + catalog + pages + fmt.Sprintf(
		"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n"+
			"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(head), len(head+catalog), len(head+catalog+pages))
}()
