package official

import (
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// brief says what is wrong and where in a body, without the schema and the whole value.
func brief(err error) error {
	if s, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		at := "/" + strings.Join(s.JSONPointer(), "/")
		return fmt.Errorf("at %s: %s: %.100v", at, s.Reason, s.Value)
	}
	return err
}
