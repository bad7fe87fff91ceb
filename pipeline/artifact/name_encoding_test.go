package artifact

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Names in the encoding of some desk come out as people see them, also where
// an archive has but one.
func TestLegacyNames(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in    encoding.Encoding
		names string
	}{
		"Shift-JIS":                       {japanese.ShiftJIS, "請求書.pdf|領収書.pdf|表紙.pdf|納品書_2024.pdf|見積もり.xlsx|ソフト仕様.doc|議事録 第3回.pdf|テスト.txt"},
		"GBK":                             {simplifiedchinese.GBK, "合同.pdf|发票 2024-03.pdf|报告.docx|身份证.jpg|采购订单.xlsx|会议记录.pdf|工资表.xls"},
		"Big5":                            {traditionalchinese.Big5, "合約.pdf|發票.pdf|報告.docx|會議記錄.pdf|功能說明.pdf|訂單.pdf"},
		"EUC-KR":                          {korean.EUCKR, "계약서.pdf|견적서 2024.pdf|보고서.hwp|세금계산서.pdf|회의록.pdf|사진.jpg"},
		"code page 850":                   {charmap.CodePage850, "Übersicht.pdf|Öffnung.pdf|Ärztliche Anlage.pdf|Verträge.pdf|Straße.pdf|résumé.pdf|Año 2024.pdf|informações.pdf"},
		"code page 437":                   {charmap.CodePage437, "Übersicht.pdf|Größe.pdf|résumé.pdf|señor.txt"},
		"Windows-1252":                    {charmap.Windows1252, "Übersicht.pdf|Größe.pdf|Verträge.pdf|résumé.pdf|Año.pdf|façade.pdf|Rechnung Müller.pdf|Ärztliche Anlage.pdf"},
		"code page 866":                   {charmap.CodePage866, "Договор.pdf|Счёт-фактура 12.pdf|акт сверки.xls|ОТЧЕТ.doc|паспорт.jpg"},
		"Windows-1251":                    {charmap.Windows1251, "Договор.pdf|Счёт-фактура 12.pdf|акт сверки.xls|ОТЧЕТ.doc|паспорт.jpg"},
		"KOI8-R":                          {charmap.KOI8R, "Договор.pdf|акт сверки.xls"},
		"code page 852, together":         {charmap.CodePage852, "Zażółć.pdf|Umowa o pracę.pdf|Příloha smlouvy.pdf"},
		"Windows-1250, together":          {charmap.Windows1250, "Zażółć.pdf|Umowa o pracę.pdf|Příloha smlouvy.pdf|Źródło.txt"},
		"Windows-1253":                    {charmap.Windows1253, "Τιμολόγιο.pdf|Σύμβαση.pdf"},
		"Windows-1255":                    {charmap.Windows1255, "חשבונית.pdf|הסכם.pdf"},
		"code page 862":                   {charmap.CodePage862, "חשבונית.pdf|הסכם.pdf"},
		"Windows-1256":                    {charmap.Windows1256, "فاتورة.pdf|عقد العمل.pdf"},
		"Windows-874":                     {charmap.Windows874, "ใบแจ้งหนี้.pdf|สัญญา.pdf"},
		"Turkish, Windows-1254, together": {charmap.Windows1254, "Sözleşme.pdf|İş emri.pdf|Başvuru ığdır.pdf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names := strings.Split(test.names, "|")
			var raw []string
			for _, one := range names {
				bytes, err := test.in.NewEncoder().String(one)
				if err != nil {
					t.Fatal(one, err)
				}
				raw = append(raw, bytes)
				// One name of Central Europe may be one of Western Europe.
				if got := decodeLegacy([]string{bytes}); got[0] != one && !strings.HasSuffix(name, "together") {
					t.Errorf("alone: %q, want %q", got[0], one)
				}
			}
			if got := decodeLegacy(raw); !slices.Equal(got, names) {
				t.Errorf("together: %q", got)
			}
		})
	}
}

// Whatever the bytes, no name is lost and no two become one.
func TestNamesInNoEncoding(t *testing.T) {
	t.Parallel()
	var raw []string
	for b := 0x80; b < 0x100; b++ {
		raw = append(raw, string([]byte{byte(b), 0xff, byte(b)})+".pdf")
	}
	names := decodeLegacy(raw)
	slices.Sort(names)
	if got := len(slices.Compact(names)); got != len(raw) {
		t.Errorf("%d names of %d", got, len(raw))
	}
}
