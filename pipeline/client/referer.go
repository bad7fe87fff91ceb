package client

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"pipe/specs"
)

// refererMost is how long a Referer may be before browsers tell the origin
// alone.
const refererMost = 4096

// policies are those of https://www.w3.org/TR/referrer-policy/, and the older
// names that <meta> may have.
var policies = []string{
	"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
	"strict-origin-when-cross-origin", "unsafe-url",
}

var oldPolicies = map[string]string{
	"never": "no-referrer", "default": "strict-origin-when-cross-origin", "always": "unsafe-url", "origin-when-crossorigin": "origin-when-cross-origin",
}

// PolicyOf gives the last policy that is known of what a page or an answer says,
// and the one before where there is none.
func PolicyOf(said []string, before string) string {
	for _, one := range said {
		for word := range strings.SplitSeq(one, ",") {
			word = strings.ToLower(strings.TrimSpace(word))
			if name, old := oldPolicies[word]; old {
				word = name
			}
			if slices.Contains(policies, word) {
				before = word
			}
		}
	}
	return before
}

// Referer gives what a request to an address is told of the page that it comes
// from, "" for nothing. Browsers' default is the policy
// strict-origin-when-cross-origin; what https has shown is told to no http,
// whatever the policy.
func Referer(page string, to *url.URL, policy string) string {
	from, err := url.Parse(page)
	if err != nil || from.Host == "" || from.Scheme != "http" && from.Scheme != "https" {
		return ""
	}
	if from.Scheme == "https" && to.Scheme != "https" && !loopback(to) {
		return ""
	}
	plain := *from
	plain.User, plain.Fragment, plain.RawFragment = nil, "", ""
	if plain.Path == "" {
		plain.Path = "/"
	}
	full, origin := plain.String(), specs.Origin(from)+"/"
	if len(full) > refererMost {
		full = origin
	}
	same := specs.Origin(from) == specs.Origin(to)
	switch policy {
	case "no-referrer":
		return ""
	case "no-referrer-when-downgrade", "unsafe-url":
		return full
	case "origin", "strict-origin":
		return origin
	case "same-origin":
		if !same {
			return ""
		}
	}
	if same {
		return full
	}
	return origin
}

// loopback tells whether an address is of this machine, which browsers trust as
// they do https.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
