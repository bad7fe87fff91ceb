package file

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pipe/pipeline"
)

const officePage = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">` +
	`<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style>.t{mso-number-format:"\@";}</style></head><body>`

func TestHTMLTables(t *testing.T) {
	t.Parallel()
	const rows = `<tr><td>007101</td><td>M&uuml;ller&nbsp;&amp; Co</td><td x:num="1234567890123456">1.23457E+15</td></tr>`
	const head = `<tr><th>a</th><th>b</th><th>c</th></tr>`
	want := []string{"007101/Müller & Co/1234567890123456"}
	names := pipeline.Table{Format: "xlsx", Wanted: []string{"a", "b"}}
	checkSituations(t, map[string]situation{
		"called a workbook":             {text: officePage + "<table><thead>" + head + "</thead>" + rows + "</table>", table: pipeline.Table{Format: "xlsx"}, want: want, found: "an HTML page, table"},
		"called CSV":                    {text: officePage + "<table>" + head + rows + "</table>", table: pipeline.Table{Format: "csv"}, want: want},
		"a table alone":                 {text: "\n<TABLE border=1>" + head + rows + "</TABLE>", table: names, want: want},
		"in UTF-16":                     {text: wideText(officePage+"<table>"+head+rows+"</table>", true, false), table: names, want: want},
		"in Windows-1252":               {text: "<html><meta charset=windows-1252><table>" + head + "<tr><td>1</td><td>M\xfcller</td><td>2</td></tr></table>", table: names, want: []string{"1/Müller/2"}},
		"the one with the columns":      {text: officePage + "<table><tr><td>x</td><td>y</td></tr>" + strings.Repeat("<tr><td>1</td><td>2</td></tr>", 9) + "</table><table>" + head + rows + "</table>", table: names, want: want},
		"the one with most":             {text: officePage + "<table><tr><td>x</td></tr></table><table>" + head + rows + "</table>", table: pipeline.Table{Format: "xlsx"}, want: want},
		"within another":                {text: officePage + "<table><tr><td>Menu</td><td><table>" + head + rows + "</table></td></tr></table>", table: names, want: want},
		"a title over it":               {text: officePage + `<table><tr><td colspan=3>Report</td></tr>` + head + rows + "</table>", table: names, want: want},
		"cells over several rows":       {text: officePage + `<table>` + head + `<tr><td>1</td><td rowspan=2>x</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>`, table: names, want: []string{"1/x/2", "3/x/4"}},
		"a header of two rows":          {text: officePage + `<table><tr><th rowspan=2>a</th><th colspan=2>Price</th></tr><tr><th>net</th><th>gross</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>`, table: pipeline.Table{Format: "xlsx", Wanted: []string{"a", "price_net"}}, want: []string{"1"}, found: "3 columns: a, Price net, Price gross"},
		"a foot":                        {text: officePage + "<table>" + head + "<tfoot><tr><td>1</td><td></td><td>9</td></tr></tfoot><tbody>" + rows + "</tbody></table>", table: names, want: append(slices.Clone(want), "1//9 in doubt")},
		"a login page with a table":     {text: `<!doctype html><title>Sign in</title><table><tr><td>User</td></tr></table><input type="password">`, table: names, errs: []string{`titled "Sign in" that asks for a password`}},
		"a page without a table":        {text: `<!doctype html><title>Oops</title><p>Try later`, table: names, errs: []string{`titled "Oops", without a table`}},
		"digits that are lost":          {text: officePage + "<table>" + head + rows + `<tr><td>2</td><td></td><td x:num="1.23456789012346E+17">1.23457E+17</td></tr></table>`, table: names, want: want, errs: []string{"has a number of more than 15 digits in column 3"}},
		"cut off":                       {text: officePage + "<table>" + head + rows, table: names, errs: []string{"a table in it is not closed; is the file whole?"}},
		"a page of sheets in files":     {text: officePage + `<frameset><frame src="list_files/sheet001.htm"></frameset>`, table: names, errs: []string{"whose sheets are in other files"}},
		"a page of the site, as a list": {text: officePage + "<table><tr><td>Menu</td><td>Home</td></tr><tr><td>x</td><td>y</td></tr></table>", table: names, errs: []string{"has no table with the columns a, b"}},
	})
}

func TestWebArchive(t *testing.T) {
	t.Parallel()
	page := officePage + "<table><tr><td>a</td><td>b</td></tr><tr><td>0071</td><td>x=y</td></tr></table></body></html>"
	archive := func(encoding, body string) string {
		return "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"=_x\"\r\n\r\n--=_x\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<html><frameset></frameset></html>\r\n" +
			"--=_x\r\nContent-Location: sheet001.htm\r\nContent-Transfer-Encoding: " + encoding + "\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n" + body + "\r\n--=_x--\r\n"
	}
	table := pipeline.Table{Format: "xlsx"}
	checkSituations(t, map[string]situation{
		"quoted-printable": {text: archive("quoted-printable", strings.ReplaceAll(page, "=", "=3D")), table: table, want: []string{"0071/x=y"}},
		"base64":           {text: archive("base64", base64.StdEncoding.EncodeToString([]byte(page))), table: table, want: []string{"0071/x=y"}},
		"cut off":          {text: archive("7bit", page)[:500], table: table, errs: []string{"is the file whole?"}},
	})
}

// zipped makes an archive of files and their texts.
func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		must(t, err)
		_, err = f.Write([]byte(files[i+1]))
		must(t, err)
	}
	must(t, w.Close())
	return out.String()
}

func TestODS(t *testing.T) {
	t.Parallel()
	const row = `<table:table-row><table:table-cell office:value-type="string"><text:p>007</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234567890123"><office:annotation><text:p>note</text:p></office:annotation><text:p>1.23E+12</text:p></table:table-cell><table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>x<text:s text:c="2"/>y</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16381"/></table:table-row>` +
		`<table:table-row><table:table-cell office:value-type="string"><text:p>008</text:p></table:table-cell><table:table-cell/><table:covered-table-cell/></table:table-row>` +
		`<table:table-row><table:table-cell office:value-type="string"><text:p>009</text:p></table:table-cell><table:table-cell table:formula="of:=A1"/></table:table-row>` +
		`<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`
	const head = `<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row>`
	content := `<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="Empty"/><table:table table:name="List">` +
		head + row + `</table:table></office:spreadsheet></office:body></office:document-content>`
	table := pipeline.Table{Format: "xlsx"}
	checkSituations(t, map[string]situation{
		"a sheet":       {text: zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", content, "META-INF/manifest.xml", "<m/>"), table: table, want: []string{"007/1234567890123/x  y", "008//x  y"}, errs: []string{"line 4: has a formula without its value in column 2"}},
		"digits lost":   {text: zipped(t, "content.xml", strings.NewReplacer("1234567890123\"", "1.23456789012346E+17\"", "1.23E+12", "1.23E+17").Replace(content), "META-INF/manifest.xml", "<m/>"), table: table, want: []string{"008//x  y"}, errs: []string{"line 2: has a number of more than 15 digits in column 2", "line 4: has a formula"}},
		"cut":           {text: zipped(t, "content.xml", content[:len(content)-400], "META-INF/manifest.xml", "<m/>"), table: table, errs: []string{"is the file whole?"}},
		"locked":        {text: zipped(t, "content.xml", "?", "META-INF/manifest.xml", "<m><encryption-data/></m>"), table: table, errs: []string{"protected by a password"}},
		"binary (xlsb)": {text: zipped(t, "[Content_Types].xml", "", "xl/workbook.bin", ""), table: table, errs: []string{"a binary workbook (.xlsb), which is not read"}},
		"another zip":   {text: zipped(t, "list.csv", "a,b"), table: table, errs: []string{`a ZIP archive with "list.csv" in it`}},
	})
}

func TestXMLSpreadsheet(t *testing.T) {
	t.Parallel()
	const start = `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="z"><NumberFormat ss:Format="000000"/></Style></Styles><Worksheet ss:Name="List"><Table>`
	const rows = `<Row ss:Index="2"><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="String">b</Data></Cell><Cell><Data ss:Type="String">c</Data></Cell></Row>
<Row><Cell ss:StyleID="z"><Data ss:Type="Number">7101</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">2026-10-01T00:00:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="Number">1234567890123456</Data></Cell><Cell ss:MergeDown="1"><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>M</B>eyer</ss:Data></Cell></Row>
<Row><Cell><Data ss:Type="String">9</Data></Cell></Row><Row><Cell ss:Formula="=R1C1"/></Row>`
	want := []string{"007101//2026-10-01", "1234567890123456/Meyer/", "9/Meyer/"}
	errs := []string{"line 6: has a formula without its value in column 1"}
	table := pipeline.Table{Format: "xlsx"}
	checkSituations(t, map[string]situation{
		"a sheet":      {text: start + rows + "</Table></Worksheet></Workbook>", table: table, want: want, errs: errs, found: "XML of Excel 2003"},
		"after blanks": {text: "\n\n" + start + rows + "</Table></Worksheet></Workbook>", table: table, want: want, errs: errs},
		"digits lost":  {text: start + strings.Replace(rows, "1234567890123456", "1.23456789012346E+17", 1) + "</Table></Worksheet></Workbook>", table: table, want: []string{want[0], want[2]}, errs: []string{"line 4: has a number of more than 15 digits in column 1", errs[0]}},
		"in UTF-16":    {text: wideText(strings.Replace(start, `"1.0"`, `"1.0" encoding="utf-16"`, 1)+rows+"</Table></Worksheet></Workbook>", true, false), table: table, want: want, errs: errs},
		"cut":          {text: start + rows, table: table, errs: []string{"is the file whole?"}},
	})
}

// sheetXML makes a workbook of a sheet's own XML.
func sheetXML(t *testing.T, sheet string) string {
	t.Helper()
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	const main = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	return zipped(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+rel+`/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="`+main+`" xmlns:r="`+rel+`"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+rel+`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="`+rel+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst xmlns="`+main+`"><si><t>a</t></si><si><t>b</t></si><si><r><t>c</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="`+main+`"><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>`+sheet)
}

func TestWorkbookSituations(t *testing.T) {
	t.Parallel()
	const end = `</sheetData></worksheet>`
	table := pipeline.Table{Format: "csv"}
	locked := oleFile("EncryptedPackage", make([]byte, 5000))
	checkSituations(t, map[string]situation{
		"inline texts, no dimension":  {text: sheetXML(t, `<row><c t="inlineStr"><is><t>007</t></is></c><c t="str"><f>A1</f><v>x</v></c><c><v>3</v></c></row>`+end), table: table, want: []string{"007/x/3"}, found: "a workbook (.xlsx)"},
		"a formula without its value": {text: sheetXML(t, `<row><c t="inlineStr"><is><t>1</t></is></c><c><f>CONCAT(A1)</f></c></row><row><c><v>2</v></c></row>`+end), table: table, want: []string{"2//"}, errs: []string{"line 2: has a formula without its value in B2 (=CONCAT(A1))"}},
		"a formula and its value":     {text: sheetXML(t, `<row><c><f>1+1</f><v>2</v></c></row>`+end), table: table, want: []string{"2//"}},
		"a text that is not there":    {text: sheetXML(t, `<row><c t="s"><v>57</v></c></row>`+end), table: table, errs: []string{"has a text in A2 that is not in the file"}},
		"long digits":                 {text: sheetXML(t, `<row><c><v>1234567890123456</v></c><c><v>1.2345E+12</v></c><c><v>123456789012</v></c></row>`+end), table: table, want: []string{"1234567890123456/1234500000000/123456789012"}},
		"digits that are lost":        {text: sheetXML(t, `<row><c><v>1.23456789012346E+17</v></c></row>`+end), table: table, errs: []string{"has a number of more than 15 digits in A2"}},
		"merged downwards":            {text: sheetXML(t, `<row><c><v>1</v></c><c><v>7</v></c></row><row><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells></worksheet>`), table: table, want: []string{"1/7/", "2/7/", "3//"}},
		"hidden rows are read":        {text: sheetXML(t, `<row hidden="1"><c><v>1</v></c></row>`+end), table: table, want: []string{"1//"}},
		"the sheet is cut":            {text: sheetXML(t, `<row><c><v>1</v></c></row><row><c><v>2`), table: table, errs: []string{"the sheet is cut off: is the file whole?"}},
		"a sheet is damaged":          {text: sheetXML(t, `<row><c><v>1</v></c></row><row><c><v>2</x></c></row><row><c><v>3</v></c></row>`+end), table: table, errs: []string{"the sheet is damaged after row 3: is the file whole?"}},
		"the archive is cut":          {text: sheetXML(t, end)[:900], table: table, errs: []string{"the workbook is cut off or damaged"}},
		"a password":                  {text: string(locked), table: pipeline.Table{Format: "xlsx"}, errs: []string{"protected by a password"}},
		"in truth tabs":               {text: "a\tb\tc\n1\t2,5\t3\n", table: pipeline.Table{Format: "xlsx"}, want: []string{"1/2,5/3"}, found: "no workbook, but CSV"},
	})
}

func TestWorkbookShown(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	zeros, date := "000000", "yyyy-mm-dd"
	for format, cell := range map[*string]string{&zeros: "A2", &date: "B2"} {
		style, err := book.NewStyle(&excelize.Style{CustomNumFmt: format})
		must(t, err)
		must(t, book.SetCellStyle("Sheet1", cell, cell, style))
	}
	from1904 := true
	must(t, book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
	for cell, value := range map[string]any{"A1": "a", "B1": "b", "C1": "c", "A2": 7101, "B2": 44834, "C2": "0815"} {
		must(t, book.SetCellValue("Sheet1", cell, value))
	}
	var out bytes.Buffer
	must(t, book.Write(&out))
	checkSituations(t, map[string]situation{"zeros, and days from 1904": {text: out.String(), table: pipeline.Table{Format: "xlsx"}, want: []string{"007101/2026-10-01/0815"}}})
}

// bookOfSheets makes a workbook whose sheets are these XML texts.
func bookOfSheets(t *testing.T, change func(part, text string) string) string {
	t.Helper()
	book := excelize.NewFile()
	_, err := book.NewSheet("Old")
	must(t, err)
	for _, sheet := range []string{"Sheet1", "Old"} {
		must(t, book.SetSheetRow(sheet, "A1", &[]any{"a", "b"}))
		must(t, book.SetSheetRow(sheet, "A2", &[]any{sheet, "2"}))
	}
	must(t, book.AddChartSheet("Figure", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Sheet1!$A$1", Categories: "Sheet1!$A$2:$A$2", Values: "Sheet1!$B$2:$B$2"}}}))
	var out bytes.Buffer
	must(t, book.Write(&out))
	from, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	must(t, err)
	var files []string
	for _, f := range from.File {
		r, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		files = append(files, f.Name, change(f.Name, string(text)))
	}
	return zipped(t, files...)
}

// Of several sheets one is taken that can be read; a sheet that cannot be read is
// not passed over, since it may be the list.
func TestSheetsChosen(t *testing.T) {
	t.Parallel()
	with := func(name string, change func(string) string) string {
		return bookOfSheets(t, func(part, text string) string {
			if part == name {
				return change(text)
			}
			return text
		})
	}
	cut := func(text string) string { return text[:strings.Index(text, "</sheetData>")-20] }
	empty := func(text string) string {
		before, _, _ := strings.Cut(text, "<sheetData>")
		return before + "<sheetData/></worksheet>"
	}
	first := func(text string) string { // the chart before the sheets
		at, end := strings.Index(text, `<sheet name="Figure"`), strings.Index(text, "</sheets>")
		return strings.Replace(text[:at]+text[end:], "<sheets>", "<sheets>"+text[at:end], 1)
	}
	table := pipeline.Table{Format: "xlsx"}
	wanted := pipeline.Table{Format: "xlsx", Wanted: []string{"a"}}
	checkSituations(t, map[string]situation{
		"the first":             {text: with("", nil), table: table, want: []string{"Sheet1/2"}, found: "it is one of 2 (Sheet1, Old)"},
		"a chart is no sheet":   {text: with("xl/workbook.xml", first), table: table, want: []string{"Sheet1/2"}},
		"the first is empty":    {text: with("xl/worksheets/sheet1.xml", empty), table: table, want: []string{"Old/2"}},
		"the first is damaged":  {text: with("xl/worksheets/sheet1.xml", cut), table: wanted, errs: []string{`sheet "Sheet1": reading the workbook: `}},
		"another is named":      {text: with("xl/worksheets/sheet1.xml", cut), table: pipeline.Table{Format: "xlsx", Sheet: "Old"}, want: []string{"Old/2"}},
		"no header so far down": {text: with("xl/worksheets/sheet1.xml", empty), table: pipeline.Table{Format: "xlsx", Header: 5}, errs: []string{"the sheet has no row 5"}},
	})
}

// Whatever is in a file, reading it ends, and no panic comes out.
func FuzzTables(f *testing.F) {
	f.Add([]byte(xlsFile(biff(biffLabelSST, u16(0), u16(0), u16(0), uint32(0)))))
	f.Add([]byte("<table><tr><td rowspan=3>a</td></tr></table>"))
	f.Add([]byte("sep=;\na;b\n\"1;2"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for range tabular(t.Context(), bytes.NewReader(text), pipeline.Table{Format: "xlsx"}) {
		}
	})
}
