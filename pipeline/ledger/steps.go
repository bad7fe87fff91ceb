package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"pipe/pipeline"
)

// stepNumbers are the numbers of the steps that the ledger is known to have.
type stepNumbers struct {
	mu    sync.Mutex
	known map[string]int64
}

func (s *stepNumbers) number(step string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, known := s.known[step]
	return n, known
}

func (s *stepNumbers) add(fresh map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]int64{}
	}
	maps.Copy(s.known, fresh)
}

// stepNumber gives the number of a step, a new one where the ledger has none.
func (c *committing) stepNumber(ctx context.Context, step string) (number int64, err error) {
	if number, known := c.ledger.steps.number(step); known {
		return number, nil
	}
	if number, known := c.fresh[step]; known {
		return number, nil
	}
	err = c.ledger.queryRow(ctx, c.tx, knownStep, step).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		err = c.ledger.queryRow(ctx, c.tx, insertStep, step).Scan(&number)
	}
	if err != nil {
		return 0, fmt.Errorf("noting step %q: %w", step, err)
	}
	c.fresh[step] = number
	return number, nil
}

// encodeSteps keeps the times of an attempt's steps as number:start:took.
func (c *committing) encodeSteps(ctx context.Context, steps []pipeline.StepTime) (string, error) {
	var text strings.Builder
	for i, s := range steps {
		number, err := c.stepNumber(ctx, s.Step)
		if err != nil {
			return "", err
		}
		if i > 0 {
			text.WriteByte(' ')
		}
		fmt.Fprintf(&text, "%d:%d:%d", number, s.At.Milliseconds(), s.Took.Milliseconds())
	}
	return text.String(), nil
}

// decodeSteps is the way back, by the steps' names.
func decodeSteps(text string, name func(number int64) (string, error)) ([]pipeline.StepTime, error) {
	var steps []pipeline.StepTime
	for _, one := range strings.Fields(text) {
		var number, at, took int64
		parts := strings.Split(one, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("decoding an attempt's steps: %q", one)
		}
		for i, to := range []*int64{&number, &at, &took} {
			n, err := strconv.ParseInt(parts[i], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("decoding an attempt's steps: %w", err)
			}
			*to = n
		}
		step, err := name(number)
		if err != nil {
			return nil, fmt.Errorf("reading the name of a step: %w", err)
		}
		steps = append(steps, pipeline.StepTime{
			Step: step, At: time.Duration(at) * time.Millisecond, Took: time.Duration(took) * time.Millisecond,
		})
	}
	return steps, nil
}
