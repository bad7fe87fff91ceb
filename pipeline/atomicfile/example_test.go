package atomicfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pipe/pipeline/atomicfile"
)

// A writing that fails leaves the old file as it was.
func ExampleWrite() {
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "records.csv")
	fmt.Println(atomicfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "key,vin")
		return err
	}))
	fmt.Println(atomicfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "key,v")
		return errors.Join(err, errors.New("the disk is full"))
	}))
	text, err := os.ReadFile(path)
	fmt.Println(string(text), err)
	// Output:
	// <nil>
	// the disk is full
	// key,vin <nil>
}
