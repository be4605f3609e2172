package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"parley/cmd/parley/internal/config"
)

const head = `# Configuration reference

Every key of ` + "`config.toml`" + `. This page is made of the code by ` + "`make reference`" + `; do not edit it. A file with all of them in
it is [config.example.toml](../config.example.toml), ` + "`parley init`" + ` writes a first one, and ` + "`parley check`" + ` says what is wrong with
one, by its lines.

| written | means |
|---|---|
| secret | ` + "`env:NAME` or `file:PATH`" + `: where the secret is found. It never stands in the file itself |
| duration | ` + "`\"30s\"`, `\"5m\"`, `\"24h\"`" + ` |
| percentage | ` + "`\"20%\"`" + ` |
| text or texts | one text, or a list of which any will do; ` + "`\"any\"`" + ` is whatever is set |

Keys of columns, priorities, units and trackers are small letters, digits and hyphens. Paths are relative to the file. A
` + "`[[table]]`" + ` is written once for each of its kind.
`

// page is the whole reference of the repository at root.
func page(root string) (string, error) {
	example, err := os.ReadFile(filepath.Join(root, "config.example.toml"))
	if err != nil {
		return "", fmt.Errorf("read the example: %w", err)
	}
	words, err := commentsIn(filepath.Join(root, "cmd", "parley", "internal", "config"))
	if err != nil {
		return "", err
	}
	keys, err := config.Describe(everythingOn(string(example)))
	if err != nil {
		return "", err
	}
	w := writer{words: words}
	w.b.WriteString(head)
	for _, k := range keys {
		w.key(k)
	}
	return w.b.String(), w.err
}

// everythingOn takes the signs away that switch the example's settings off.
func everythingOn(text string) string {
	return regexp.MustCompile(`(?m)^#(\[|\]|[a-z]|  \{)`).ReplaceAllString(text, "$1")
}

type writer struct {
	b     strings.Builder
	words comments
	table string // that is being written
	err   error  // the first key that nobody has explained
}

func (w *writer) key(k config.Key) {
	if k.Table == "" {
		return // the tables have headings of their own
	}
	if k.Table != w.table {
		w.heading(k)
	}
	says := w.words.ofKey(k.Type, k.Name)
	if says == "" && w.err == nil {
		w.err = fmt.Errorf("%s.%s has no comment that says what it means", k.Table, k.Name)
	}
	if k.Of == "When" && k.Table != "rule" {
		says += ", with the keys of [`rule.when`](#rulewhen)"
	}
	fmt.Fprintf(&w.b, "| `%s` | %s | %s | %s | %s | %s |\n", k.Name, kind(k), code(k.Default), allowed(k.Allowed), cell(upper(says)), code(k.Example))
}

func (w *writer) heading(k config.Key) {
	w.table = k.Table
	fmt.Fprintf(&w.b, "\n## %s\n\n", k.Table)
	form := "[" + k.Table + "]"
	if k.Many {
		form = "[" + form + "]"
	}
	fmt.Fprintf(&w.b, "`%s`: %s\n\n", form, w.words.ofType(k.Type))
	w.b.WriteString("| key | type | default | allowed | means | example |\n|---|---|---|---|---|---|\n")
}

// kind is the type of a key in a word or two.
func kind(k config.Key) string {
	switch k.Of {
	case "Secret":
		return "secret"
	case "Duration":
		return "duration"
	case "Percent":
		return "percentage"
	}
	return map[string]string{
		"a text in quotes": "text", "a text in quotes or a list of them": "text or texts", "a whole number": "number",
		"true or false": "true or false", "a list of texts": "list of texts", "a list of tables": "tables", "a table": "table",
	}[k.Kind]
}

func allowed(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, code(w))
	}
	return strings.Join(out, ", ")
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

// cell keeps a text within its cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// upper begins a text as a sentence, unless it begins with a word of the file.
func upper(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsAny(first, ":/+=_\"") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
