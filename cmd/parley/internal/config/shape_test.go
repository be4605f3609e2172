package config

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestShapeTellsNoText fills every text of a configuration with a word that must not be told,
// also those that a later version adds.
func TestShapeTellsNoText(t *testing.T) {
	t.Parallel()
	var c Config
	texts := plant(reflect.ValueOf(&c).Elem(), 0)
	if texts < 100 {
		t.Fatalf("%d texts: nothing is proved", texts)
	}
	told := 0
	for _, line := range c.Shape() {
		if !strings.Contains(line, "geheim") {
			continue
		}
		told++
		path, _, _ := strings.Cut(strings.NewReplacer("[0]", "", "[1]", "").Replace(line), " = ")
		if !slices.ContainsFunc(ownWords(), func(key string) bool { return strings.HasSuffix("."+path, "."+key) }) {
			t.Errorf("told: %s", line)
		}
	}
	if told == 0 {
		t.Error("no word of Parley's own is told")
	}
}

// plant puts the word everywhere below v, and says in how many places.
func plant(v reflect.Value, depth int) int {
	n := 0
	switch {
	case v.Type() == reflect.TypeFor[Secret]():
		v.Set(reflect.ValueOf(NewSecret("geheim")))
		return 1
	case depth > 8 || !v.CanSet():
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("geheim")
		return 1
	case reflect.Struct:
		for _, field := range v.Fields() {
			n += plant(field, depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			n += plant(v.Index(i), depth+1)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		n += plant(key, depth+1) + plant(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		n += plant(v.Elem(), depth+1)
	}
	return n
}

// TestShapeOfTheExample tells that there is a token and how many people, and not who.
func TestShapeOfTheExample(t *testing.T) {
	t.Parallel()
	c, problems := LoadEnv("../../../../config.example.toml", func(name string) (string, bool) { return "geheim " + name, true })
	if c == nil {
		t.Fatal(problems)
	}
	shape := strings.Join(c.Shape(), "\n")
	for _, line := range []string{"jira[0].token = set", "sync.write = \"plan\"", "person = "} {
		if !strings.Contains(shape, line) {
			t.Errorf("the shape does not tell %q", line)
		}
	}
	text, err := os.ReadFile("../../../../config.example.toml")
	if err != nil || !strings.Contains(string(text), "acme") || strings.Contains(shape, "acme") || strings.Contains(shape, "geheim") {
		t.Errorf("the shape tells a name: %v\n%s", err, shape)
	}
}
