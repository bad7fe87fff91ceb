package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pipe/pipeline/practice"
)

// faults tells what a program has done wrong, "" for nothing: the site must have made and
// sent each vehicle's report once, the program must have told of each item once, and each
// file must be there. Pipe has proved its files by itself.
func faults(m measured, vehicles []practice.Vehicle, out string, peer bool) string {
	var wrong []string
	for _, v := range vehicles {
		made, sent := m.counts.Produced[v.Reference], m.counts.Served[v.Reference]
		if made != 1 || sent != 1 {
			wrong = append(wrong, fmt.Sprintf("the site has made the report of %s %d times and sent it whole %d times", v.Reference, made, sent))
		}
		if !peer {
			continue
		}
		file, err := os.ReadFile(filepath.Join(out, v.Reference+".pdf")) //nolint:gosec // of our own folder
		if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(file), []byte("%%EOF")) {
			wrong = append(wrong, fmt.Sprintf("%s.pdf is no whole PDF", v.Reference))
		}
	}
	if told := len(m.history.done); told != len(vehicles) {
		wrong = append(wrong, fmt.Sprintf("it has told of %d items that are done, of %d", told, len(vehicles)))
	}
	const most = 3
	if len(wrong) > most {
		wrong = append(wrong[:most], fmt.Sprintf("and %d more", len(wrong)-most))
	}
	return strings.Join(wrong, "; ")
}
