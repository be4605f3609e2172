//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sole

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// flock locks an open file for this process, without waiting. The kernel unlocks it
// when the process ends, however it ends.
func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errTaken
		}
		return fmt.Errorf("flock %s: %w", f.Name(), err)
	}
}
