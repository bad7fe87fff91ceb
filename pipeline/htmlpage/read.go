package htmlpage

import (
	"strings"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/html"
)

// InnerText is the element's text as it is shown.
func (l *Locator) InnerText(...playwright.LocatorInnerTextOptions) (string, error) {
	d, n, err := l.one()
	if err != nil {
		return "", err
	}
	if n.Namespace != "" {
		return "", needsPage("the text of " + l.name)
	}
	return d.innerText(n), nil
}

// TextContent is all text in the element.
func (l *Locator) TextContent(...playwright.LocatorTextContentOptions) (string, error) {
	_, n, err := l.one()
	if err != nil {
		return "", err
	}
	return textContent(n), nil
}

// InputValue is what the form field holds.
func (l *Locator) InputValue(...playwright.LocatorInputValueOptions) (string, error) {
	d, n, err := l.one()
	if err != nil {
		return "", err
	}
	if n.Data == "label" {
		if of := d.labelled(n); of != nil {
			n = of
		}
	}
	if !isField(n) {
		return "", needsPage("the value of " + l.name + ", which is no form field,")
	}
	return d.valueOf(n), nil
}

// GetAttribute is an attribute of the element as it is written, "" where there is none.
func (l *Locator) GetAttribute(name string, _ ...playwright.LocatorGetAttributeOptions) (string, error) {
	_, n, err := l.one()
	if err != nil {
		return "", err
	}
	return attr(n, strings.ToLower(name)), nil
}

// Contents sums up each element.
func (l *Locator) Contents() ([]string, error) {
	_, found, err := l.all()
	if err != nil {
		return nil, err
	}
	sums := make([]string, len(found))
	for i, n := range found {
		var out strings.Builder
		if err := html.Render(&out, n); err != nil {
			return nil, err
		}
		sums[i] = out.String()
	}
	return sums, nil
}
