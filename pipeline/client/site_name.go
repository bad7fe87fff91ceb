package client

import (
	"mime"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"
)

// SiteName is what a site calls a file: the name in the header
// Content-Disposition, in whatever form sites write it, else the last part of the
// address where that is a file's name and no program's. It is "" when there is
// none, and never has a folder.
func SiteName(disposition, address string) string {
	params := dispositionParams(disposition)
	for _, name := range []string{extended(params["filename*"]), continued(params), quotedName(params["filename"])} {
		if name = lastPart(name); name != "" {
			return name
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "data" || u.Scheme == "blob" {
		return ""
	}
	if name := lastPart(u.Path); path.Ext(name) != "" && !program.MatchString(name) {
		return name
	}
	return ""
}

// program is the name of what makes pages and files, not of a file.
var program = regexp.MustCompile(`(?i)\.(php\d?|aspx?|ashx|asmx|axd|jspx?|do|action|cgi|pl|cfm|dll|exe|html?)$`)

// dispositionParams reads the parameters of the header, as browsers do: sites leave
// out quotes, put semicolons between them, and write the bytes of any encoding.
func dispositionParams(header string) map[string]string {
	params := map[string]string{}
	for _, part := range splitQuoted(header) {
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, told := params[name]; ok && !told {
			params[name] = strings.TrimSpace(value)
		}
	}
	return params
}

// splitQuoted splits a header at the semicolons that stand in no quotes.
func splitQuoted(header string) []string {
	var parts []string
	quoted, from := false, 0
	for i := 0; i < len(header); i++ {
		switch {
		case header[i] == '\\' && quoted:
			i++
		case header[i] == '"':
			quoted = !quoted
		case header[i] == ';' && !quoted:
			parts = append(parts, header[from:i])
			from = i + 1
		}
	}
	return append(parts, header[from:])
}

// extended reads filename*: charset'language'escaped.
func extended(value string) string {
	value = strings.Trim(value, `"`)
	charset, rest, ok := strings.Cut(value, "'")
	if !ok {
		return ""
	}
	_, escaped, ok := strings.Cut(rest, "'")
	if !ok {
		return ""
	}
	return decodeBytes(unescape(escaped), charset)
}

// continued reads a long name in pieces: filename*0, filename*1, …
func continued(params map[string]string) string {
	var whole strings.Builder
	charset := ""
	for i := 0; ; i++ {
		key := "filename*" + strconv.Itoa(i)
		if value, ok := params[key+"*"]; ok {
			value = strings.Trim(value, `"`)
			if parts := strings.SplitN(value, "'", 3); i == 0 && len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
			whole.WriteString(unescape(value))
		} else if value, ok := params[key]; ok {
			whole.WriteString(unquote(value))
		} else {
			return decodeBytes(whole.String(), charset)
		}
	}
}

// quotedName reads filename, which by the letter is ASCII: sites put in it words
// in the form of mails, percent escapes, and bytes of any encoding.
func quotedName(value string) string {
	name := unquote(value)
	if words := (&mime.WordDecoder{}); strings.Contains(name, "=?") {
		if decoded, err := words.DecodeHeader(name); err == nil {
			return decoded
		}
	}
	if strings.Contains(name, "%") {
		if plain := unescape(name); utf8.ValidString(plain) {
			name = plain
		}
	}
	// A browser gives each byte as a character.
	if bytes, err := charmap.ISO8859_1.NewEncoder().String(name); err == nil {
		name = bytes
	}
	return decodeBytes(name, "")
}

// unquote takes off the quotes and what stands for one in them. A backslash before
// anything else is one of a path.
func unquote(value string) string {
	if len(value) < 2 || value[0] != '"' {
		return strings.Trim(value, `"'`)
	}
	value = strings.TrimSuffix(value[1:], `"`)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(value)
}

// unescape decodes percent escapes and leaves what is none.
func unescape(text string) string {
	return escape.ReplaceAllStringFunc(text, func(code string) string {
		b, _ := strconv.ParseUint(code[1:], 16, 8)
		return string([]byte{byte(b)})
	})
}

var escape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

// decodeBytes reads bytes in the encoding that is told, else as UTF-8, else as
// Windows-1252.
func decodeBytes(text, charset string) string {
	if charset != "" {
		if enc, err := htmlindex.Get(charset); err == nil {
			if decoded, err := enc.NewDecoder().String(text); err == nil && !strings.ContainsRune(decoded, utf8.RuneError) {
				return decoded
			}
		}
	}
	if !utf8.ValidString(text) {
		text, _ = charmap.Windows1252.NewDecoder().String(text)
	}
	return text
}

// lastPart is a name without folders, control characters and marks of direction.
func lastPart(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, name)
	name = norm.NFC.String(strings.TrimSpace(name))
	if slices.Contains([]string{".", ".."}, name) {
		return ""
	}
	return name
}
