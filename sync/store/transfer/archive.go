package transfer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"

	"parley/sync/store"
)

// odd is a value that JSON text cannot hold as it is: bytes, or text that is not UTF-8.
type odd struct {
	Bytes []byte `json:"bytes,omitempty"`
	Text  []byte `json:"text,omitempty"`
}

// cell is a value as it stands in a backup.
func cell(v any) any {
	switch v := v.(type) {
	case []byte:
		return odd{Bytes: v}
	case string:
		if !utf8.ValidString(v) {
			return odd{Text: []byte(v)}
		}
	}
	return v
}

// value is the opposite of cell.
func value(text json.RawMessage, kind store.Kind) (any, error) {
	var o odd
	switch {
	case kind == store.Int:
		n, err := strconv.ParseInt(string(text), 10, 64)
		return n, err
	case len(text) > 0 && text[0] == '"' && kind == store.Text:
		var s string
		err := json.Unmarshal(text, &s)
		return s, err
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, err
	}
	if kind == store.Text {
		return string(o.Text), nil
	}
	return append([]byte{}, o.Bytes...), nil
}

// errCut says that a backup does not go to its end.
var errCut = errors.New("the file is not whole: it was cut off, or is no backup of parley")

// reader takes in what is found in a backup, in its order.
type reader struct {
	head  func(Head) error
	table func(store.Table) error
	row   func(store.Table, []any) error
}

// read reads a backup and holds it to its own counts.
func read(file string, show reader) (m Manifest, err error) {
	f, err := os.Open(file)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		return m, fmt.Errorf("%w (%w)", errCut, err)
	}
	return parse(bufio.NewReaderSize(zip, 1<<16), show)
}

func parse(in *bufio.Reader, show reader) (m Manifest, err error) {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return m, fmt.Errorf("%w (%w)", errCut, err)
	}
	if err := json.Unmarshal(line, &m.Head); err != nil || m.Format == "" {
		return m, errCut
	}
	if m.Format != formatName {
		return m, fmt.Errorf("a backup of the form %.40q, which this parley does not know: use the version that made it, %.40q", m.Format, m.Version)
	}
	if err := show.head(m.Head); err != nil {
		return m, err
	}
	p := parser{show: show}
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return m, fmt.Errorf("%w (%w)", errCut, err)
		}
		end, err := p.line(line)
		if err != nil {
			return m, err
		}
		if end == nil {
			continue
		}
		if table := differ(end.Tables, p.counts); table != "" {
			return m, fmt.Errorf("%s is not as it was when the backup was made: the file is damaged", table)
		}
		m.Tables = end.Tables
		if _, err := in.ReadByte(); !errors.Is(err, io.EOF) { // the checksum of gzip comes last
			return m, fmt.Errorf("%w (%w)", errCut, err)
		}
		return m, nil
	}
}

// parser takes the lines of a backup apart.
type parser struct {
	show   reader
	table  store.Table
	sum    *sum
	counts []Count
}

// line takes in one line, and gives the last one.
func (p *parser) line(line []byte) (*tail, error) {
	if bytes.HasPrefix(line, []byte("[")) {
		return nil, p.row(line)
	}
	if p.sum != nil {
		p.counts = append(p.counts, p.sum.count(p.table))
	}
	var s struct {
		section
		tail
	}
	if err := json.Unmarshal(line, &s); err != nil {
		return nil, errCut
	}
	if s.End {
		return &s.tail, nil
	}
	p.table = store.Table{Name: s.Table, Columns: s.Columns, Key: s.Key}
	for _, column := range s.Key {
		if p.table.At(column) < 0 {
			return nil, errCut
		}
	}
	p.sum = newSum(p.table)
	return nil, p.show.table(p.table)
}

func (p *parser) row(line []byte) error {
	var cells []json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil || p.sum == nil || len(cells) != len(p.table.Columns) {
		return errCut
	}
	row := make([]any, len(cells))
	for i, text := range cells {
		v, err := value(text, p.table.Columns[i].Kind)
		if err != nil {
			return fmt.Errorf("%w: a row of table %s cannot be read", errCut, p.table.Name)
		}
		row[i] = v
	}
	if err := p.sum.add(row); err != nil {
		return err
	}
	return p.show.row(p.table, row)
}

// Verify reads a whole backup and tells what is in it; nothing is written.
func Verify(file string) (Manifest, error) {
	m, err := read(file, reader{
		head:  func(Head) error { return nil },
		table: func(store.Table) error { return nil },
		row:   func(store.Table, []any) error { return nil },
	})
	if err != nil {
		return m, fmt.Errorf("read backup %s: %w", file, err)
	}
	return m, nil
}
