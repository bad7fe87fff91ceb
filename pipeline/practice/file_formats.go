package practice

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
)

// fileFormat is how a report travels.
type fileFormat struct {
	kind        string // the content type
	disposition string
	// content makes the report.
	content func(Vehicle) ([]byte, error)
	// document is what it is, "" for a report.
	document string
	// pack wraps it up for the way; nil leaves it as it is.
	pack func(Vehicle, []byte) ([]byte, error)
}

// The sendings that the routes use. They are inline where no browser is to
// download by itself.
var (
	inlinePDF   = fileFormat{kind: "application/pdf", disposition: `inline; filename="` + reportName + `"`, content: Report}
	attachedPDF = fileFormat{kind: "application/pdf", disposition: `attachment; filename="` + reportName + `"`, content: Report}
	textPDF     = fileFormat{kind: "application/json", content: Report, pack: asText}
	zipped      = fileFormat{kind: "application/zip", disposition: `attachment; filename="ReportPackage.zip"`, content: Report, pack: asPackage}
	printPage   = fileFormat{kind: "text/html; charset=utf-8", content: printSheet}
)

// reportName is what the site calls every report, so that a name tells nothing.
const reportName = "BookoutReport.pdf"

// counted is the name by which the document counts.
func (as fileFormat) counted(v Vehicle) string {
	if as.document == "" {
		return v.Reference
	}
	return v.Reference + " " + as.document
}

func (as fileFormat) whole(v Vehicle) ([]byte, error) {
	b, err := as.content(v)
	if err != nil {
		return nil, err
	}
	return as.packed(v, b)
}

func (as fileFormat) packed(v Vehicle, content []byte) ([]byte, error) {
	if as.pack == nil {
		return content, nil
	}
	return as.pack(v, content)
}

// asText is for scripts, which make the file of it: the bytes go as base64.
func asText(_ Vehicle, content []byte) ([]byte, error) {
	return json.Marshal(map[string]any{"name": reportName, "content": content})
}

// asPackage adds the equipment list to the report.
func asPackage(v Vehicle, content []byte) ([]byte, error) {
	list, err := equipmentCSV(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name    string
		content []byte
	}{{reportName, content}, {"EquipmentList.csv", list}} {
		// One time for all, so that the same package has the same bytes.
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: printed})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return b.Bytes(), err
}

func equipmentCSV(v Vehicle) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"Stock Number", "VIN", "Equipment"}}
	for i, item := range equipment {
		if (v.ID+i)%3 == 0 {
			rows = append(rows, []string{v.Reference, v.VIN, item})
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

func printSheet(v Vehicle) ([]byte, error) { return rendered("print.html", v) }
