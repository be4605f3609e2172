package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// stream hands what produce encodes to consume while it is being made.
func stream(produce func(*json.Encoder) error, consume func(io.Reader) error) error {
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriter(w)
		err := produce(json.NewEncoder(buffered))
		if err == nil {
			err = buffered.Flush()
		}
		done <- err
		_ = w.CloseWithError(err)
	}()
	err := consume(r)
	_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // a producer that is still at it gives up
	if made := <-done; made != nil && !errors.Is(made, io.ErrClosedPipe) {
		return made
	}
	return err
}
