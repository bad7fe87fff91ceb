package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// question is one that `pipe init` asks, where no flag has answered it.
type question struct {
	flag, text string
	answer     *string
	// check finds what is wrong with an answer in words of one's own; choices are what
	// else one may say.
	check   func(string) error
	choices []Choice
}

func (f *InitOptions) questions() []question {
	return []question{
		{"NAME", "a name for the spec, as invoices", &f.Name, checkName, nil},
		{"--address", "the site's address, as https://portal.example.com", &f.Address, checkAddress, nil},
		{"--login", "how does one log in?", &f.Login, nil, InitLogins},
		{"--list", "where is the list of items?", &f.List, nil, InitLists},
		{"--fetch", "what is fetched of each?", &f.Fetch, nil, InitFetches},
	}
}

// ask has the questions answered that no flag has answered: on a terminal by its user, else
// by what is meant where nobody says anything.
func (f *InitOptions) ask(std Std) error {
	_, terminal := std.keyboard()
	p := prompt{in: bufio.NewReader(std.In), out: std.Out}
	asked := false
	for _, q := range f.questions() {
		err := q.given()
		switch {
		case err != nil && *q.answer != "":
			return &usageError{fmt.Errorf("%s: %w", q.flag, err)}
		case err == nil:
			continue
		case !terminal && q.choices != nil:
			*q.answer = q.choices[0].Answer
		case !terminal:
			return &usageError{fmt.Errorf("%s is missing, and there is no terminal to ask for it on: %s", q.flag, q.text)}
		default:
			asked = true
			if err := p.ask(q); err != nil {
				return err
			}
		}
	}
	if asked && !f.Agents {
		var answer string
		if err := p.ask(question{"--agents", "an AGENTS.md, for people and coding assistants who work on specs?", &answer, nil, []Choice{{"no", ""}, {"yes", ""}}}); err != nil {
			return err
		}
		f.Agents = answer == "yes"
	}
	return nil
}

// given tells whether the question is answered, and rightly.
func (q question) given() error {
	if q.choices == nil {
		return q.check(*q.answer)
	}
	if slices.ContainsFunc(q.choices, func(c Choice) bool { return c.Answer == *q.answer }) {
		return nil
	}
	var names []string
	for _, c := range q.choices {
		names = append(names, c.Answer)
	}
	return fmt.Errorf("want one of %s", strings.Join(names, ", "))
}

// prompt asks on a terminal, line by line.
type prompt struct {
	in  *bufio.Reader
	out io.Writer
}

// ask asks until there is a right answer.
func (p prompt) ask(q question) error {
	fmt.Fprintf(p.out, "%s\n", q.text)
	for i, c := range q.choices {
		fmt.Fprintf(p.out, "  %d  %-9s %s\n", i+1, c.Answer, c.Meaning)
	}
	for {
		if q.choices != nil {
			fmt.Fprint(p.out, "[1] ")
		}
		fmt.Fprint(p.out, "> ")
		line, err := p.in.ReadString('\n')
		if err != nil && line == "" {
			fmt.Fprintln(p.out)
			return Exit(ExitInterrupted, errors.New("nothing was written: the questions were not answered"))
		}
		*q.answer = q.chosen(strings.TrimSpace(line))
		wrong := q.given()
		if wrong == nil {
			return nil
		}
		fmt.Fprintf(p.out, "  %v\n", wrong)
	}
}

// chosen gives the answer of a number, and of nothing the first.
func (q question) chosen(text string) string {
	if q.choices == nil {
		return text
	}
	if text == "" {
		return q.choices[0].Answer
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(q.choices) {
		return q.choices[n-1].Answer
	}
	return text
}
