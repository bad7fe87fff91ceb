package artifact

import (
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// maxNotes is how many fields and notes of a page are read.
const maxNotes = 2000

// writeNotes adds what a page shows beside its text: the values of a form's fields,
// and notes. One that cannot be read is none.
func writeNotes(text *strings.Builder, instance pdfium.Pdfium, doc references.FPDF_DOCUMENT, i int) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}
	count, err := instance.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil {
		return
	}
	for n := range min(count.Count, maxNotes) {
		if text.Len() > maxText {
			return
		}
		note, err := instance.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: n})
		if err != nil {
			continue
		}
		for _, key := range []string{"V", "Contents"} {
			value, err := instance.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: note.Annotation, Key: key})
			if err == nil && value.Value != "" {
				text.WriteString(value.Value)
				text.WriteByte('\n')
			}
		}
		_, _ = instance.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: note.Annotation}) // it ends with the instance, too
	}
}

// shows tells whether one of the first pages has a picture on it.
func shows(instance pdfium.Pdfium, doc references.FPDF_DOCUMENT, pages int) bool {
	for i := range min(pages, 3) {
		page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}
		count, err := instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
		if err != nil {
			continue
		}
		for n := range min(count.Count, 100) {
			object, err := instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: n})
			if err != nil {
				break
			}
			kind, err := instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
			if err == nil && kind.Type == enums.FPDF_PAGEOBJ_IMAGE {
				return true
			}
		}
	}
	return false
}
