package pipeline_test

import (
	"fmt"
	"net/http"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// What the site answers decides the class, and the class how often an item is
// tried, and when.
func ExampleClassify() {
	err := fmt.Errorf("opening the report: %w", &steps.StatusError{
		URL: "http://localhost/report", Status: http.StatusTooManyRequests, RetryAfter: time.Minute,
	})
	class, wait := pipeline.Classify(err)
	fmt.Println(class, wait)
	// Output: rate_limited 1m0s
}

func ExampleHTMLText() {
	fmt.Println(pipeline.HTMLText([]byte("<p>Not found:<b>24K0173</b></p><script>track()</script>")))
	// Output: Not found: 24K0173
}

func ExampleRetryRule_Wait() {
	rule := pipeline.RetryRule{Initial: 3 * time.Second, Max: 10 * time.Second}
	fmt.Println(rule.Wait(1), rule.Wait(2), rule.Wait(3))
	// Output: 3s 6s 10s
}
