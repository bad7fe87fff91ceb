package specs

// FixedRows tells whether the same bytes give the same items in every run: what is
// made of the source's rows takes nothing beside them, no environment, no var, no
// secret and no clock.
func (s *Spec) FixedRows() bool {
	src := &s.Source
	fixed := s.Key.NamesAlone("item") && src.Where.NamesAlone("item") && src.Dedupe.NamesAlone("item") && s.Browser.Context.Locale.NamesAlone("item")
	for _, column := range src.Map {
		fixed = fixed && column.Value.NamesAlone("item")
	}
	return fixed && (src.Order == nil || src.Order.By.NamesAlone("item"))
}
