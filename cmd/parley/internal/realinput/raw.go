package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
)

// longest is the largest line of a raw file, which holds one JSON document a line.
const longest = 64 << 20

// eachLine calls fn with every line of a gzipped file.
func eachLine(path string, fn func([]byte) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open raw file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", path, err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(make([]byte, 1<<16), longest)
	n := 0
	for lines.Scan() {
		n++
		if err := fn(lines.Bytes()); err != nil {
			return fmt.Errorf("%s line %d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
