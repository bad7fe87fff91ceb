package artifact

import (
	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

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
