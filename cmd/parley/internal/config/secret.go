package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
)

// masked is all that is ever printed of a secret.
const masked = "***"

// Secret is a credential. The file holds where it is found, env:NAME or file:PATH;
// the value is reached only through Reveal and shows as *** wherever else it goes.
type Secret struct {
	ref   string
	value string
}

// NewSecret makes a secret of a value that does not come from a file.
func NewSecret(value string) Secret { return Secret{ref: "value:", value: value} }

// Reveal gives the value, "" where none is configured.
func (s Secret) Reveal() string { return s.value }

// Set reports whether the configuration names a secret here.
func (s Secret) Set() bool { return s.ref != "" }

// String is ***.
func (s Secret) String() string { return masked }

// GoString is ***.
func (s Secret) GoString() string { return masked }

// Format prints *** for every verb, so that none reaches into the fields.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, masked) }

// MarshalText is ***, also as a key or value in TOML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// MarshalJSON is "***".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// LogValue is ***.
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// UnmarshalText keeps where the secret is found.
func (s *Secret) UnmarshalText(text []byte) error {
	s.ref = string(text)
	return nil
}

// plainly takes an address that stands in the file as it is. Also there it may hold what is
// nobody's business, so that it shows as *** all the same.
func (s Secret) plainly() (Secret, bool) {
	plain := strings.HasPrefix(s.ref, "https:") || strings.HasPrefix(s.ref, "http:")
	if plain {
		s.value = s.ref
	}
	return s, plain
}

// resolve looks the value up. Its errors never hold what the file says unless it is
// the name of a variable or a path.
func (s Secret) resolve(path func(string) string, env func(string) (string, bool)) (string, error) {
	kind, name, _ := strings.Cut(s.ref, ":")
	switch {
	case kind == "env" && name != "":
		value, ok := env(name)
		if value = strings.TrimSpace(value); !ok || value == "" {
			return "", unset(name)
		}
		return value, nil
	case kind == "file" && name != "":
		data, err := os.ReadFile(path(name))
		if err != nil {
			return "", fmt.Errorf("read secret: %w", err)
		}
		value := strings.TrimSpace(string(data))
		if value == "" {
			return "", fmt.Errorf("the file %s is empty", path(name))
		}
		return value, nil
	}
	return "", errLiteral
}

// unset is the name of an environment variable that has no value.
type unset string

// Error names it.
func (u unset) Error() string { return "the environment variable " + string(u) + " is not set" }

// fixOf says how a secret that was not found is given.
func fixOf(err error) string {
	if _, is := errors.AsType[unset](err); is {
		return "set it where parley is started, or keep the value in a file and write file:PATH"
	}
	return "write env:NAME or file:PATH, and put the value there"
}

var errLiteral = errors.New("a secret must not stand in the file itself")
