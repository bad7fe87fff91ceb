package steps

import (
	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// finder is a page, a frame or an element in which elements are looked for.
// Playwright gives each of the three option types of its own, all with the same
// fields.
type finder[R roleOptions, L, T, P exactOptions] interface {
	GetByRole(role playwright.AriaRole, options ...R) playwright.Locator
	GetByLabel(text any, options ...L) playwright.Locator
	GetByText(text any, options ...T) playwright.Locator
	GetByPlaceholder(text any, options ...P) playwright.Locator
	GetByTestId(testID any) playwright.Locator
}

type roleOptions interface {
	playwright.PageGetByRoleOptions | playwright.FrameLocatorGetByRoleOptions | playwright.LocatorGetByRoleOptions
}

type exactOptions interface {
	~struct {
		Exact *bool `json:"exact"`
	}
}

// locatorTexts are the texts of a locator, evaluated.
type locatorTexts struct{ selector, name, label, text, placeholder, testID string }

// find gives the elements that a locator stands for; bySelector is in's Locator,
// whose parameters differ among the three.
func find[R roleOptions, L, T, P exactOptions](
	in finder[R, L, T, P], bySelector func(string) playwright.Locator, l specs.Locator, by locatorTexts,
) playwright.Locator {
	switch {
	case l.Role != "":
		options := playwright.PageGetByRoleOptions{Exact: &l.Exact}
		if by.name != "" {
			options.Name = by.name
		}
		return in.GetByRole(playwright.AriaRole(l.Role), R(options))
	case by.label != "":
		return in.GetByLabel(by.label, L{Exact: &l.Exact})
	case by.text != "":
		return in.GetByText(by.text, T{Exact: &l.Exact})
	case by.placeholder != "":
		return in.GetByPlaceholder(by.placeholder, P{Exact: &l.Exact})
	case by.testID != "":
		return in.GetByTestId(by.testID)
	default:
		return bySelector(by.selector)
	}
}

func findOnPage(p playwright.Page, l specs.Locator, by locatorTexts) playwright.Locator {
	return find(p, func(selector string) playwright.Locator { return p.Locator(selector) }, l, by)
}

func findInFrame(f playwright.FrameLocator, l specs.Locator, by locatorTexts) playwright.Locator {
	return find(f, func(selector string) playwright.Locator { return f.Locator(selector) }, l, by)
}

func findInElement(e playwright.Locator, l specs.Locator, by locatorTexts) playwright.Locator {
	return find(e, func(selector string) playwright.Locator { return e.Locator(selector) }, l, by)
}
