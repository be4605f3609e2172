//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package sole

import (
	"errors"
	"os"
)

func flock(*os.File) error { return errors.ErrUnsupported }
