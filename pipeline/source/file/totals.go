package file

import (
	"fmt"
	"regexp"
	"strings"
)

// totalWords begin the lines in which sites sum up a list, and end it.
var totalWords = regexp.MustCompile(`(?i)^(?:(?:grand |sub|running |page |report )?totals?|sum|summe|zwischensumme|gesamt(?:summe|betrag)?|insgesamt|` +
	`total (?:général|general|geral|generale)|sous-total|somme|totale|suma|razem|soma|totaal|totalt|toplam|celkem|összesen|итого|всего|合計|小計|总计|合计|總計|합계|` +
	`saldo|end of (?:report|file|list)|ende der liste|[(]?\d[\d.,]* (?:rows?|records?|entries|items|results|zeilen|datensätze|einträge|lignes|filas|registros)(?: (?:affected|selected|exported|returned|found))?[)]?)` +
	`\s*[:：]?\s*(?:\d[\d.,\s]*)?$`)

// totalIn says why a record looks as if it summed up the others, "" when it does
// not. A record with all its fields is none: a customer may be called Total.
func totalIn(fields []string, want int) string {
	filled, first := 0, ""
	for _, field := range fields {
		if isBlank(field) {
			continue
		}
		if filled == 0 {
			first = strings.TrimSpace(field)
		}
		filled++
	}
	if filled == 0 || filled == want && want > 1 || !totalWords.MatchString(first) {
		return ""
	}
	return fmt.Sprintf("looks like a total and no item (%.40q): leave it out by source.where if it is one", first)
}
