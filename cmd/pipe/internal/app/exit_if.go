package app

func exitIf(code int, err error) error {
	if err == nil {
		return nil
	}
	return Exit(code, err)
}
