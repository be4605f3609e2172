package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// comments are what the types of a package say of themselves and of their keys.
type comments struct {
	types map[string]string
	keys  map[[2]string]string // type, key → comment
}

func (c comments) ofType(name string) string {
	words := strings.TrimPrefix(c.types[name], name+" ")
	return strings.TrimPrefix(words, "is ")
}

func (c comments) ofKey(of, key string) string { return c.keys[[2]string{of, key}] }

// commentsIn reads the files of a package, tests aside.
func commentsIn(dir string) (comments, error) {
	c := comments{types: map[string]string{}, keys: map[[2]string]string{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return c, fmt.Errorf("read the configuration's package: %w", err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.ParseComments)
		if err != nil {
			return c, fmt.Errorf("read the configuration's package: %w", err)
		}
		c.learn(file)
	}
	return c, nil
}

func (c comments) learn(file *ast.File) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.TYPE {
			continue
		}
		for _, s := range decl.Specs {
			spec, _ := s.(*ast.TypeSpec)
			of, ok := spec.Type.(*ast.StructType)
			if !ok {
				continue
			}
			c.types[spec.Name.Name] = oneLine(decl.Doc)
			for _, f := range of.Fields.List {
				if f.Tag != nil {
					c.keys[[2]string{spec.Name.Name, tagged(f.Tag.Value)}] = about(f)
				}
			}
		}
	}
}

func tagged(tag string) string {
	plain, _ := strconv.Unquote(tag)
	return reflect.StructTag(plain).Get("toml")
}

// about is the comment above a field, which begins with its name, or the one behind it.
func about(f *ast.Field) string {
	if f.Doc == nil {
		return oneLine(f.Comment)
	}
	words := oneLine(f.Doc)
	for _, name := range f.Names {
		words = strings.TrimPrefix(words, name.Name+" ")
	}
	return strings.TrimSuffix(strings.TrimPrefix(words, "is "), ".")
}

func oneLine(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
