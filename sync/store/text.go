package store

import (
	"encoding/json"
	"fmt"
)

// encode is v as JSON text.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// decode reads JSON text that encode wrote. The error names what it belongs to.
func decode[T ~string | ~[]byte](text T, v any, what, id string) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read %s %s from the store: %w", what, id, err)
	}
	return nil
}
