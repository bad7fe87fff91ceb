package schema_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pipe/specs/internal/spectest"
	"pipe/specs/schema"
	"pipe/steps"
)

// compiled gives one of the schemas, which stand beside one another.
func compiled(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	for name, text := range schemas() {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(name, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func schemas() map[string][]byte {
	return map[string][]byte{schema.File: schema.Spec(steps.Verbs()), schema.PartFile: schema.Part(steps.Verbs())}
}

func TestSchemaAcceptsGoodSpecs(t *testing.T) {
	s := compiled(t, schema.File)
	for path, src := range spectest.Files(t, "testdata/good/*.yaml", "specs/*.yaml") {
		v, err := spectest.Plain(src)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSchemaRefusesBadSpecs(t *testing.T) {
	s := compiled(t, schema.File)
	var accepted []string
	for path, src := range spectest.Files(t, "testdata/bad/*.yaml") {
		if v, err := spectest.Plain(src); err == nil && s.Validate(v) == nil {
			accepted = append(accepted, strings.TrimSuffix(filepath.Base(path), ".yaml"))
		}
	}
	var want []string
	for _, names := range loaderOnly {
		want = append(want, strings.Fields(names)...)
	}
	slices.Sort(want)
	for _, name := range accepted {
		if !slices.Contains(want, name) {
			t.Errorf("the schema accepts %s", name)
		}
	}
	for _, name := range want {
		if !slices.Contains(accepted, name) {
			t.Errorf("the schema refuses %s: take it out of the list", name)
		}
	}
}

// loaderOnly are the bad specs that no schema can tell from good ones, by what
// it would have to know.
var loaderOnly = map[string]string{
	"what an expression says, and which names there are": `account-secret account-unknown capture-many-as capture-many-field
		capture-matches-field capture-matches-secret capture-matches-type classify-error-field classify-secret error-in-key
		expression-empty expression-multiline expression-near-column expression-open expression-syntax expression-type
		expression-unknown-column notify-field notify-secret expression-unknown-name file-in-navigate file-unknown if-not-bool item-in-login secret-in-key
		function-count function-date function-layout function-pattern function-type function-unknown raw-within
		secret-in-record steps-unknown totp-type vars-unknown set-too-early error-outside-rescue`,
	"what the machine has: variables, secrets, files": `csv-columns csv-missing env-not-set secret-not-set context-certificate-file`,
	"how selectors are written": `classify-selector lost-selector selector-bracket selector-comma selector-dangling
		selector-frames selector-list selector-paren selector-quote selector-xpath wait-time`,
	"which names of files and addresses will do": `bad-name context-certificate-origin origin-form context-locale context-proxy-address
		context-timezone files-scheme name-absolute name-backslash name-drive name-empty
		name-leaves name-no-folder name-only-folder name-same name-same-var record-files-clash record-format notify-password record-sql-password record-sql-scheme record-sql-table record-outside screenshot-leaves`,
	"which fields go together, and how their values compare": `account-contexts account-nobody base-url base-url-host base-url-user exclusive-within heal-no-file heal-unproved home-lost once whenever-beside origins capture-no-way capture-pages-range
		capture-if-none-from capture-match-type capture-match-url capture-print-from
		capture-sizes capture-two-ways columns-header context-certificate context-proxy context-proxy-socks login-keep lost-nothing
		no-source-kind keep-nothing keep-rule notify-both schedule-cron schedule-never schedule-zone pace-burst pool-both record-to-both record-to-nothing refresh-always-after refresh-column refresh-nothing refresh-of two-sources wait-response-alone loop-same-name skip-in-login tab-both table-source test-scrub without-page-download`,
	"what a list's numbers mean": `classify-status lost-status`,
	"what sources and the fields of records say in expressions and formats": `dedupe-column field-format-part field-format-type
		field-match read-settings json-pointer map-column sql-password sql-scheme where-column where-mapped where-secret where-text where-type`,
	"a file's other documents": `several-documents`,
	"what blocks and vars are made of, and what their names are": `block-cycle block-cycle-unused block-deep block-name-same block-in-login
		block-missing-param block-none block-param-name block-param-scope block-param-type block-unknown block-unknown-param
		block-unused-param block-with-scope params-outside vars-computed vars-cycle`,
	"what is in other files": `include-cycle include-fault include-kinds include-missing include-shared-cycle include-twice include-yaml`,
}

// The files that specs include have a schema of their own.
func TestPartSchema(t *testing.T) {
	s := compiled(t, schema.PartFile)
	for path, src := range spectest.Files(t, "testdata/good/parts/*.yaml", "testdata/bad/parts/scalar.yaml", "testdata/bad/parts/shared-fault.yaml", "testdata/bad/parts/steps-fault.yaml") {
		v, err := spectest.Plain(src)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); (err == nil) != strings.Contains(path, "good") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// What editors are given is what the loader reads now.
func TestSchemaIsFresh(t *testing.T) {
	for file, now := range schemas() {
		kept, err := os.ReadFile(spectest.Path("specs", file))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, now) {
			t.Errorf("%s is stale: go generate ./specs", file)
		}
	}
}
