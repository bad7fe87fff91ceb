package artifact_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
)

// A file is staged, proved to be what is expected, and then put in its place.
func Example() {
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := keep(context.Background(), dir, "key,price\n24K0173,9000\n"); err != nil {
		fmt.Println(err)
	}
	if err := keep(context.Background(), dir, "<title>Sign in</title>"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 24K0173.csv is a CSV file that begins "key,price 24K0173,9000"
	// file is the login page titled "Sign in", not a CSV file
}

func keep(ctx context.Context, dir, text string) (err error) {
	store, err := artifact.Open(ctx, dir, artifact.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	staged, err := store.Create(ctx)
	if err != nil {
		return err
	}
	defer staged.Discard()
	if _, err := io.WriteString(staged, text); err != nil {
		return err
	}
	if err := staged.Close(); err != nil {
		return err
	}
	proof, err := store.Prove(ctx, staged, pipeline.Expectation{Type: "csv", Contains: []string{"24K0173"}})
	if err != nil {
		return err
	}
	fmt.Println("24K0173.csv is", proof.What)
	return store.Place(ctx, staged, "24K0173.csv")
}
