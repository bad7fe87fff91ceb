package notify

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nicholas-fedor/shoutrrr/pkg/format"
)

// textMost bounds the longest text of a site that a message quotes, titleMost a title and
// messageMost a message, in characters: services take no more, or cut it.
const (
	textMost    = 300
	titleMost   = 200
	messageMost = 3500
)

// plain makes a text that may be a site's show as it is: in one line, without what a
// terminal obeys, and without what the target's service takes for its markup.
func (t *Target) plain(text string) string {
	text = shorten(oneLine(text), textMost)
	switch t.markup() {
	case "html":
		return html.EscapeString(text)
	case "slack":
		// Its own words: these three, and nothing else.
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	case "markdown":
		return markdown.Replace(text)
	default:
		return text
	}
}

// markdown escapes what marks text up, and parts an @ from the name that it would call.
var markdown = strings.NewReplacer(
	`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "~", `\~`, "|", `\|`, "[", `\[`, "]", `\]`, "(", `\(`, ")", `\)`, "#", `\#`, "<", `\<`, ">", `\>`, "@", "@\u200b",
)

// markup names what the service makes of a message, "" for nothing.
func (t *Target) markup() string {
	resolver := format.NewPropKeyResolver(format.GetServiceConfig(t.service))
	set := func(key string) string {
		value, err := resolver.Get(key)
		if err != nil {
			return ""
		}
		return strings.ToLower(value)
	}
	switch t.scheme {
	case "slack", "googlechat", "hangouts":
		return "slack"
	case "discord", "mattermost", "rocketchat", "teams", "zulip", "lark", "wecom":
		return "markdown"
	case "telegram":
		switch mode := set("parsemode"); {
		case mode == "html":
			return "html"
		case strings.HasPrefix(mode, "markdown"):
			return "markdown"
		}
	case "smtp":
		if html := set("usehtml"); html == "yes" || html == "true" {
			return "html"
		}
	case "ntfy":
		if mark := set("markdown"); mark == "yes" || mark == "true" {
			return "markdown"
		}
	}
	return ""
}

// oneLine takes out what is no text, and makes it one line.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r):
			return -1
		default:
			return r
		}
	}, text)), " ")
}

// lines is oneLine for each line of a text.
func lines(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		all[i] = indent + oneLine(line)
	}
	return strings.Join(all, "\n")
}

// shorten cuts a text to so many characters.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
