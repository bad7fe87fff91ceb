package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// pdfInstances is how many PDFs are read at the same time.
const pdfInstances = 2

// pdfMemoryPages bounds each instance's memory, in pages of 64 KiB.
const pdfMemoryPages = 1 << 14

// pdfEngine is PDFium's compiled code and the pool of its instances.
type pdfEngine struct {
	pool  pdfium.Pool
	cache wazero.CompilationCache
}

// startPDFEngine compiles PDFium, which takes seconds and 300 MB, or loads what
// an earlier run compiled and left in cacheDir.
func startPDFEngine(ctx context.Context, cacheDir string) (*pdfEngine, error) {
	if cacheDir != "" {
		// A folder that cannot be written or is damaged is no reason to fail.
		if cache, err := wazero.NewCompilationCacheWithDir(cacheDir); err == nil {
			if engine, err := newPDFEngine(ctx, cache); err == nil {
				return engine, nil
			}
		}
	}
	return newPDFEngine(ctx, wazero.NewCompilationCache())
}

func newPDFEngine(ctx context.Context, cache wazero.CompilationCache) (*pdfEngine, error) {
	config := wazero.NewRuntimeConfig().
		// PDFium's build needs the exceptions.
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		// Lets a PDF that never ends be interrupted.
		WithCloseOnContextDone(true).
		WithMemoryLimitPages(pdfMemoryPages).
		WithCompilationCache(cache)
	pool, err := webassembly.Init(webassembly.Config{
		Context:       ctx,
		MaxTotal:      pdfInstances,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // no files
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the PDF reader: %w", err), cache.Close(ctx))
	}
	return &pdfEngine{pool: pool, cache: cache}, nil
}

// close frees the code. No instance may be in use.
func (e *pdfEngine) close(ctx context.Context) error {
	if err := errors.Join(e.pool.Close(), e.cache.Close(ctx)); err != nil {
		return fmt.Errorf("closing the PDF reader: %w", err)
	}
	return nil
}
