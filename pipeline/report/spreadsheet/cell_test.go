package spreadsheet_test

import (
	"testing"

	"pipe/pipeline/report/spreadsheet"
)

func TestCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "KX-1": "KX-1", "-12.5": "-12.5", "+3e4": "+3e4", "a=b": "a=b",
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+1+cmd": "'+1+cmd", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "' =1", " =1": "' =1", "\n=1": "'\n=1", "＝1+1": "'＝1+1", "\x1b[31m=1": "[31m=1", "\x1b=1": "'=1", "a\u202eb": "ab", "one\ntwo": "one\ntwo",
	} {
		if got := spreadsheet.Cell(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}
