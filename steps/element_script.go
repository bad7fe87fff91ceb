package steps

// ElementScript is a function of JavaScript for scripts that stand in a page: of an element
// and options, {testID: ATTRIBUTE}, it gives what [Element] has. The driver's injected script
// is to be kept at globalThis[Symbol.for('pipe.locators')] before.
func ElementScript() string { return elementJS }
