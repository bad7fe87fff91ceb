package artifact

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
)

// prefix is what goes before the names in a bucket.
func (d destination) prefix() string { return d.bucket.Query().Get("prefix") }

// credentials names what each provider takes its credentials from.
func (d destination) credentials() string {
	switch d.bucket.Scheme {
	case "s3":
		return "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
	case "gs":
		return "GOOGLE_APPLICATION_CREDENTIALS"
	case "azblob":
		return "AZURE_STORAGE_ACCOUNT, and AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN"
	default:
		return "the environment's credentials"
	}
}

// explain says of a bucket's error what it means and what to do, without what
// the provider's own text may tell of credentials.
func (d destination) explain(doing string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	advice := "check its address, and the credentials in " + d.credentials()
	status := statusCode(err)
	var network net.Error
	switch bucketCode(err) {
	case "NotFound":
		advice = "is there such a bucket? make it, or name another under files"
	case "PermissionDenied":
		advice = d.refused()
	case "DeadlineExceeded":
		advice = d.unreachable()
	default:
		switch {
		case code(err) == noSuchBucket:
			advice = "is there such a bucket? make it, or name another under files"
		case status == http.StatusForbidden, status == http.StatusUnauthorized:
			advice = d.refused()
		case status >= http.StatusInternalServerError, status == http.StatusTooManyRequests:
			advice = "its provider is in trouble: run again later, the same command goes on"
		case status == 0 && errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
			advice = d.unreachable()
		}
	}
	return &bucketError{fmt.Sprintf("%s %s: %s (%s)", doing, d.where, advice, scrub(err.Error())), err}
}

func (d destination) refused() string {
	return "it refuses: see that the credentials in " + d.credentials() + " are right and may list, read and write there"
}

func (d destination) unreachable() string {
	return "it cannot be reached: check the network and the address, then run again; the same command goes on"
}

// bucketError is an error whose text is free of credentials. What it wraps is
// for errors.Is and errors.As alone.
type bucketError struct {
	text string
	err  error
}

func (e *bucketError) Error() string { return e.text }

func (e *bucketError) Unwrap() error { return e.err }

const noSuchBucket = "NoSuchBucket"

// bucketCode is the sort of a bucket's error, as [Bucket] has it.
func bucketCode(err error) string {
	var coded interface{ BucketCode() string }
	if errors.As(err, &coded) {
		return coded.BucketCode()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "DeadlineExceeded"
	}
	return ""
}

// code is the provider's own word for an error, "" if it has none.
func code(err error) string {
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// statusCode is that of the provider's answer; 0 when none came.
func statusCode(err error) int {
	var response interface{ HTTPStatusCode() int }
	if errors.As(err, &response) {
		return response.HTTPStatusCode()
	}
	return 0
}

// transient tells an outage from what another try cannot help.
func transient(err error) bool {
	switch bucketCode(err) {
	case "NotFound", "PermissionDenied", "InvalidArgument", "Unimplemented", "AlreadyExists":
		return false
	}
	switch status := statusCode(err); status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return status < http.StatusBadRequest || status >= http.StatusInternalServerError
	}
}

var (
	// Addresses in providers' errors are signed by parameters.
	addressQuery = regexp.MustCompile(`(https?://[^\s"'?]+)\?[^\s"']*`)
	addressUser  = regexp.MustCompile(`(https?://)[^\s"'/@]+@`)
	manyBlanks   = regexp.MustCompile(`\s+`)
)

// scrub takes out of a provider's text what could be a credential, and makes it
// one line.
func scrub(text string) string {
	text = addressQuery.ReplaceAllString(text, "$1")
	text = addressUser.ReplaceAllString(text, "$1")
	for _, name := range []string{
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN",
	} {
		if value := os.Getenv(name); len(value) > 2 {
			text = strings.ReplaceAll(text, value, "***")
		}
	}
	return manyBlanks.ReplaceAllString(text, " ")
}
