package summary

import (
	"strings"

	"pipe/pipeline"
)

// Command is a command line, and what it does.
type Command struct {
	Line string `json:"command"`
	Why  string `json:"why"`
}

// Commands make the command lines that go on from a failure: nothing else decides which
// they are.
type Commands struct {
	// Spec are the words that name the spec on a command line, Out those that name its
	// output folder, " --out FOLDER" or "".
	Spec, Out string
	// Key quotes an item's key for it, with the flag that takes it; ok is false where
	// no command line can hold it.
	Key func(flag, key string) (words string, ok bool)
}

// For is the command that goes on from failures of a class, one of which is the item's of
// the key. changed is true where the spec has been changed since.
func (c Commands) For(class pipeline.Class, key string, changed bool) Command {
	switch {
	case class == pipeline.Uncertain:
		return Command{
			c.run("--uncertain=done" + c.key("only", key)),
			"look on the site first: this says that it is done there, --uncertain=redo has it done again",
		}
	case class == pipeline.SessionLost:
		return Command{"pipe login " + c.Spec + c.Out, "logs in by hand; then pipe run with --retry-failed does them"}
	case changed:
		return Command{c.Retry(), "the spec has changed since: this tries them with it as it is now"}
	case class == pipeline.NotFound, class == pipeline.Rejected:
		return Command{c.try(key), "shows what the site answers for one of them; if it is to be asked again, pipe run with --retry-failed does"}
	case class.OfSpec() && class != pipeline.Interrupted:
		return Command{c.try(key), "walks one of them and tells each step; once it is put right, pipe run with --retry-failed does them all"}
	default:
		return Command{c.Retry(), "tries them again: what failed may be over"}
	}
}

// Retry is the command line that tries all again that failed.
func (c Commands) Retry() string { return c.run("--retry-failed") }

func (c Commands) try(key string) string { return "pipe try " + c.Spec + c.key("item", key) }

// Do is the command that does one item.
func (c Commands) Do(key string) Command {
	return Command{c.run(strings.TrimSpace(c.key("only", key))), "does this item alone"}
}

// Next is the command that goes on after a run.
func (c Commands) Next(r *Report) Command {
	left := r.Counts.Pending + r.Counts.Stale
	switch {
	case r.Run.State == pipeline.StateRunning:
		return Command{"pipe status " + c.Spec + c.Out, "the run is under way"}
	case r.Run.State == pipeline.StateDied, r.Run.State == pipeline.StateInterrupted:
		return Command{c.run(""), "goes on where this run stopped"}
	case r.Run.State == pipeline.StateStopped:
		return Command{c.run(""), "put right what stopped it, then this goes on where it stopped"}
	case len(r.Uncertain) > 0:
		return c.For(pipeline.Uncertain, r.Uncertain[0].Key, false)
	case len(r.Causes) == 1:
		return r.Causes[0].Next
	case len(r.Causes) > 1:
		return Command{c.Retry(), "tries all that failed once more; each cause below has its own command"}
	case left > 0:
		return Command{c.run(""), "does what is left"}
	case r.Counts.Bad > 0:
		return Command{c.run(""), "put the bad rows right in the source, then this does them"}
	default:
		return Command{}
	}
}

func (c Commands) run(flags string) string {
	return strings.TrimSpace("pipe run " + c.Spec + c.Out + " " + flags)
}

// key are the words for an item's key, or its place for somebody to fill in.
func (c Commands) key(flag, key string) string {
	if c.Key != nil {
		if words, ok := c.Key(flag, key); ok {
			return words
		}
	}
	return " --" + flag + "=KEY"
}
