package config

// has reports whether the file itself has the key, whatever its value.
func (c *checker) has(path string) bool {
	_, ok := c.source.lines[path]
	return ok
}
