package sole

import (
	"context"
	"errors"
	"os"
)

// errTaken says that another process holds the lock.
var errTaken = errors.New("locked by another process")

// file is a locked file. The file stays when the lock is given back: whoever removed
// it could remove the one that somebody else has just locked.
type file struct{ *os.File }

// lockFile locks a file, which is made where it is missing.
func lockFile(path string) (lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = flock(f)
	if err == nil {
		return file{f}, nil
	}
	_ = f.Close()
	if errors.Is(err, errTaken) {
		return nil, nil
	}
	return nil, err
}

// stands is always true: the kernel takes no lock away.
func (file) stands(context.Context) bool { return true }
