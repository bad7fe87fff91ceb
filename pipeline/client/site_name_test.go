package client_test

import (
	"testing"

	"pipe/pipeline/client"
)

// What sites call their files comes out as people see it.
func TestSiteName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ header, address, want string }{
		"quoted":                        {`attachment; filename="report.pdf"`, "", "report.pdf"},
		"not quoted":                    {`attachment; filename=report.pdf`, "", "report.pdf"},
		"not quoted, spaces":            {`attachment; filename=my report.pdf; size=3`, "", "my report.pdf"},
		"semicolons in quotes":          {`attachment; filename="a;b;c.pdf"; size=3`, "", "a;b;c.pdf"},
		"quotes in quotes":              {`attachment; filename="the \"new\" one.pdf"`, "", `the "new" one.pdf`},
		"capitals":                      {`Attachment; FileName="A.pdf"`, "", "A.pdf"},
		"inline":                        {`inline; filename="A.pdf"`, "", "A.pdf"},
		"extended":                      {`attachment; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf`, "", "請求書.pdf"},
		"extended goes before":          {`attachment; filename="x.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf`, "", "Übersicht.pdf"},
		"extended with a language":      {`attachment; filename*=iso-8859-1'de'%DCbersicht.pdf`, "", "Übersicht.pdf"},
		"extended in Shift-JIS":         {`attachment; filename*=Shift_JIS'ja'%90%BF%8B%81%8F%91.pdf`, "", "請求書.pdf"},
		"extended in quotes":            {`attachment; filename*="UTF-8''a%20b.pdf"`, "", "a b.pdf"},
		"extended, no charset":          {`attachment; filename="a.pdf"; filename*=b.pdf`, "", "a.pdf"},
		"in pieces":                     {`attachment; filename*0*=UTF-8''%C3%9Cber; filename*1="sicht"; filename*2=.pdf`, "", "Übersicht.pdf"},
		"words of mails":                {`attachment; filename="=?UTF-8?B?w5xiZXJzaWNodC5wZGY=?="`, "", "Übersicht.pdf"},
		"words of mails, other":         {`attachment; filename="=?ISO-8859-1?Q?=DCbersicht.pdf?="`, "", "Übersicht.pdf"},
		"percent escapes":               {`attachment; filename="%C3%9Cbersicht%20neu.pdf"`, "", "Übersicht neu.pdf"},
		"a percent sign":                {`attachment; filename="100% sure.pdf"`, "", "100% sure.pdf"},
		"bytes of UTF-8":                {"attachment; filename=\"Übersicht.pdf\"", "", "Übersicht.pdf"},
		"bytes of UTF-8, each a letter": {"attachment; filename=\"Ã\u009cbersicht.pdf\"", "", "Übersicht.pdf"},
		"bytes of Latin-1":              {"attachment; filename=\"\xdcbersicht.pdf\"", "", "Übersicht.pdf"},
		"a letter of Latin-1":           {"attachment; filename=\"Ärzte.pdf\"", "", "Ärzte.pdf"},
		"letters as they are":           {"attachment; filename=\"請求書.pdf\"", "", "請求書.pdf"},
		"a path":                        {`attachment; filename="/var/tmp/../a.pdf"`, "", "a.pdf"},
		"a path of Windows":             {`attachment; filename="C:\tmp\a.pdf"`, "", "a.pdf"},
		"an escaped path":               {`attachment; filename*=UTF-8''..%2F..%2Fa.pdf`, "", "a.pdf"},
		"a trick with direction":        {"attachment; filename=\"a\u202efdp.exe\"", "", "afdp.exe"},
		"decomposed":                    {"attachment; filename=\"U\u0308.pdf\"", "", "Ü.pdf"},
		"nothing":                       {`attachment; filename=""`, "", ""},
		"only dots":                     {`attachment; filename=".."`, "", ""},
		"no header":                     {"", "", ""},
		"the address":                   {"attachment", "https://a.example/files/R%C3%BCckgabe.pdf?token=x", "Rückgabe.pdf"},
		"a program's address":           {"", "https://a.example/GetPdf.aspx?id=4", ""},
		"an address without a name":     {"", "https://a.example/reports/24", ""},
		"data":                          {"", "data:application/pdf;base64,AAAA/a.pdf", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := client.SiteName(test.header, test.address); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
