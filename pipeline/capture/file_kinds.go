package capture

import (
	"mime"
	"slices"
	"strings"
)

// types are the content types that sites serve each kind of file under, beside
// those that say nothing.
var types = map[string][]string{
	"pdf":  {"application/pdf", "application/x-pdf"},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.ms-excel"},
	"docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	"pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	"csv":  {"text/csv", "application/csv", "text/comma-separated-values", "application/vnd.ms-excel"},
	"zip":  {"application/zip", "application/x-zip-compressed"},
	"html": {"text/html", "application/xhtml+xml"},
}

// vague content types may be any file's.
var vague = []string{"application/octet-stream", "binary/octet-stream", "application/force-download", "application/download", "application/x-download"}

// serves tells whether an answer to a script or a frame is a file of a kind,
// by what the site says of it; "" and any are files of every kind that scripts
// don't work with themselves.
func serves(headers []any, kind string) bool {
	content, _, _ := mime.ParseMediaType(header(headers, "content-type"))
	disposition, _, _ := mime.ParseMediaType(header(headers, "content-disposition"))
	attached := strings.EqualFold(disposition, "attachment")
	switch {
	case slices.Contains(types[kind], content), kind == "image" && strings.HasPrefix(content, "image/"):
		return true
	case kind != "" && kind != "any":
		return slices.Contains(vague, content) || attached && kind != "html" && content != "text/html"
	case attached || slices.Contains(vague, content):
		return true
	}
	for kind, all := range types {
		if kind != "html" && slices.Contains(all, content) {
			return true
		}
	}
	return false
}

// isOfKind tells whether a content type says of what kind a file is.
func isOfKind(content string) bool {
	for _, all := range types {
		if slices.Contains(all, content) {
			return true
		}
	}
	return strings.HasPrefix(content, "image/") || content == "application/json"
}

// isPage tells whether an answer is a page to be shown and no file.
func isPage(headers []any) bool {
	content, _, _ := mime.ParseMediaType(header(headers, "content-type"))
	disposition, _, _ := mime.ParseMediaType(header(headers, "content-disposition"))
	return !strings.EqualFold(disposition, "attachment") && slices.Contains(types["html"], content)
}
