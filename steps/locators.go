package steps

import (
	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func onPage(p playwright.Page, l specs.Locator, selector, name, label, text, placeholder, testID string) playwright.Locator {
	switch {
	case l.Role != "":
		o := playwright.PageGetByRoleOptions{Exact: &l.Exact}
		if name != "" {
			o.Name = name
		}
		return p.GetByRole(playwright.AriaRole(l.Role), o)
	case label != "":
		return p.GetByLabel(label, playwright.PageGetByLabelOptions{Exact: &l.Exact})
	case text != "":
		return p.GetByText(text, playwright.PageGetByTextOptions{Exact: &l.Exact})
	case placeholder != "":
		return p.GetByPlaceholder(placeholder, playwright.PageGetByPlaceholderOptions{Exact: &l.Exact})
	case testID != "":
		return p.GetByTestId(testID)
	default:
		return p.Locator(selector)
	}
}

func inFrame(f playwright.FrameLocator, l specs.Locator, selector, name, label, text, placeholder, testID string) playwright.Locator {
	switch {
	case l.Role != "":
		o := playwright.FrameLocatorGetByRoleOptions{Exact: &l.Exact}
		if name != "" {
			o.Name = name
		}
		return f.GetByRole(playwright.AriaRole(l.Role), o)
	case label != "":
		return f.GetByLabel(label, playwright.FrameLocatorGetByLabelOptions{Exact: &l.Exact})
	case text != "":
		return f.GetByText(text, playwright.FrameLocatorGetByTextOptions{Exact: &l.Exact})
	case placeholder != "":
		return f.GetByPlaceholder(placeholder, playwright.FrameLocatorGetByPlaceholderOptions{Exact: &l.Exact})
	case testID != "":
		return f.GetByTestId(testID)
	default:
		return f.Locator(selector)
	}
}

func inElement(e playwright.Locator, l specs.Locator, selector, name, label, text, placeholder, testID string) playwright.Locator {
	switch {
	case l.Role != "":
		o := playwright.LocatorGetByRoleOptions{Exact: &l.Exact}
		if name != "" {
			o.Name = name
		}
		return e.GetByRole(playwright.AriaRole(l.Role), o)
	case label != "":
		return e.GetByLabel(label, playwright.LocatorGetByLabelOptions{Exact: &l.Exact})
	case text != "":
		return e.GetByText(text, playwright.LocatorGetByTextOptions{Exact: &l.Exact})
	case placeholder != "":
		return e.GetByPlaceholder(placeholder, playwright.LocatorGetByPlaceholderOptions{Exact: &l.Exact})
	case testID != "":
		return e.GetByTestId(testID)
	default:
		return e.Locator(selector)
	}
}
