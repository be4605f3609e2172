package sole

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// What LockFileEx takes and answers, by Microsoft's documentation of it.
const (
	lockfileFailImmediately = 1
	lockfileExclusiveLock   = 2
	errorLockViolation      = syscall.Errno(33)
)

// flock locks an open file for this process, without waiting. Windows unlocks it when
// the process ends, however it ends.
func flock(f *os.File) error {
	lock := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	var from syscall.Overlapped
	ok, _, err := lock.Call(f.Fd(), lockfileFailImmediately|lockfileExclusiveLock, 0, 1, 0, uintptr(unsafe.Pointer(&from)))
	switch {
	case ok != 0:
		return nil
	case errors.Is(err, errorLockViolation), errors.Is(err, syscall.ERROR_IO_PENDING):
		return errTaken
	}
	return fmt.Errorf("LockFileEx %s: %w", f.Name(), err)
}
