package expr

import (
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/ar"
	"github.com/go-playground/locales/bg"
	"github.com/go-playground/locales/bs"
	"github.com/go-playground/locales/ca"
	"github.com/go-playground/locales/cs"
	"github.com/go-playground/locales/da"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/de_AT"
	"github.com/go-playground/locales/el"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/et"
	"github.com/go-playground/locales/eu"
	"github.com/go-playground/locales/fi"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/ga"
	"github.com/go-playground/locales/gl"
	"github.com/go-playground/locales/he"
	"github.com/go-playground/locales/hi"
	"github.com/go-playground/locales/hr"
	"github.com/go-playground/locales/hu"
	"github.com/go-playground/locales/id"
	"github.com/go-playground/locales/is"
	"github.com/go-playground/locales/it"
	"github.com/go-playground/locales/ja"
	"github.com/go-playground/locales/ko"
	"github.com/go-playground/locales/lt"
	"github.com/go-playground/locales/lv"
	"github.com/go-playground/locales/mk"
	"github.com/go-playground/locales/ms"
	"github.com/go-playground/locales/mt"
	"github.com/go-playground/locales/nb"
	"github.com/go-playground/locales/nl"
	"github.com/go-playground/locales/pl"
	"github.com/go-playground/locales/pt"
	"github.com/go-playground/locales/ro"
	"github.com/go-playground/locales/ru"
	"github.com/go-playground/locales/sk"
	"github.com/go-playground/locales/sl"
	"github.com/go-playground/locales/sq"
	"github.com/go-playground/locales/sr"
	"github.com/go-playground/locales/sr_Latn"
	"github.com/go-playground/locales/sv"
	"github.com/go-playground/locales/th"
	"github.com/go-playground/locales/tr"
	"github.com/go-playground/locales/uk"
	"github.com/go-playground/locales/vi"
	"github.com/go-playground/locales/zh"
)

// calendars are the languages whose names of months and days are known, by their
// tags, with those that one country has beside.
var calendars = map[string][]func() locales.Translator{
	"ar": {ar.New}, "bg": {bg.New}, "bs": {bs.New}, "ca": {ca.New}, "cs": {cs.New}, "da": {da.New}, "de": {de.New, de_AT.New}, "el": {el.New},
	"en": {en.New}, "es": {es.New}, "et": {et.New}, "eu": {eu.New}, "fi": {fi.New}, "fr": {fr.New}, "ga": {ga.New}, "gl": {gl.New}, "he": {he.New},
	"hi": {hi.New}, "hr": {hr.New}, "hu": {hu.New}, "id": {id.New}, "is": {is.New}, "it": {it.New}, "ja": {ja.New}, "ko": {ko.New}, "lt": {lt.New},
	"lv": {lv.New}, "mk": {mk.New}, "ms": {ms.New}, "mt": {mt.New}, "nb": {nb.New}, "nl": {nl.New}, "no": {nb.New}, "pl": {pl.New}, "pt": {pt.New},
	"ro": {ro.New}, "ru": {ru.New}, "sk": {sk.New}, "sl": {sl.New}, "sq": {sq.New}, "sr": {sr.New, sr_Latn.New}, "sv": {sv.New}, "th": {th.New},
	"tr": {tr.New}, "uk": {uk.New}, "vi": {vi.New}, "zh": {zh.New},
}

// nominatives are the months of languages that decline them, as they stand by
// themselves: CLDR's names are those beside a day, and sites write both.
var nominatives = map[string]string{
	"cs": "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
	"el": "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος",
	"hr": "siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan listopad studeni prosinac",
	"pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
	"ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
	"sk": "január február marec apríl máj jún júl august september október november december",
	"uk": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
}

// dateWords are the names of a language: lower case, without dots.
type dateWords struct {
	months map[string]time.Month
	days   map[string]bool
}

// words keeps those of the languages that were asked for: making them takes time.
var words sync.Map

// wordsOf gives the names of a locale's language, English where that is not
// known.
func wordsOf(locale string) dateWords {
	lang := languageOf(locale)
	if w, made := words.Load(lang); made {
		return w.(dateWords)
	}
	w := dateWords{map[string]time.Month{}, map[string]bool{}}
	known, there := calendars[lang]
	if !there {
		known = calendars["en"]
	}
	for _, one := range known {
		w.add(one())
	}
	for i, name := range strings.Fields(nominatives[lang]) {
		w.months[name] = time.Month(i + 1)
	}
	words.Store(lang, w)
	return w
}

// languageOf gives a locale's language: de of de-AT.
func languageOf(locale string) string {
	lang, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	return lang
}

func (w dateWords) add(names locales.Translator) {
	for _, form := range [][]string{names.MonthsWide(), names.MonthsAbbreviated()} {
		for i, name := range form {
			w.months[bare(name)] = time.Month(i + 1)
		}
	}
	for _, form := range [][]string{names.WeekdaysWide(), names.WeekdaysAbbreviated(), names.WeekdaysShort()} {
		for _, name := range form {
			w.days[bare(name)] = true
		}
	}
}

// month finds the month of a word: its name, its abbreviation, or so much of its
// name that it can be no other's.
func (w dateWords) month(word string) (time.Month, bool) {
	if m, is := w.months[word]; is {
		return m, true
	}
	var found time.Month
	if len([]rune(word)) < 3 {
		return 0, false
	}
	for name, m := range w.months {
		if !strings.HasPrefix(name, word) {
			continue
		}
		if found != 0 && found != m {
			return 0, false
		}
		found = m
	}
	return found, found != 0
}

// bare gives a name in lower case, without dots, marks of direction, and what
// Catalan puts before.
func bare(name string) string {
	name = strings.ToLower(name)
	for _, before := range []string{"de ", "d’", "d'"} {
		name = strings.TrimPrefix(name, before)
	}
	return strings.Map(func(r rune) rune {
		if r == '.' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.NewReplacer("i̇", "i", "ı", "i").Replace(name))
}
