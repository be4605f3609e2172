package config

import "fmt"

// notBuilt warns of keys that are understood but have no effect so far, so that
// nobody relies on them.
func (c *checker) notBuilt(config *Config) {
	ignored := func(path string, used bool) {
		if used {
			c.warnf(path, "", "not built yet, ignored")
		}
	}
	for i, u := range config.Unit {
		ignored(fmt.Sprintf("unit[%d].contract", i), len(u.Contract) > 0)
	}
}

// has reports whether the file itself has the key, whatever its value.
func (c *checker) has(path string) bool {
	_, ok := c.source.lines[path]
	return ok
}
