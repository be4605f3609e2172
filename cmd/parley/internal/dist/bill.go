package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"
)

// bill is a software bill of materials, as much of CycloneDX 1.6 as Parley says; see
// https://cyclonedx.org/docs/1.6/json/.
type bill struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Time      string    `json:"timestamp"`
	Component component `json:"component"`
}

// component is Parley itself, the Go it is built with, or one module in it.
type component struct {
	Type    string     `json:"type"`
	Ref     string     `json:"bom-ref"`
	Name    string     `json:"name"`
	Version string     `json:"version"`
	URL     string     `json:"purl,omitempty"` // https://github.com/package-url/purl-spec
	Hashes  []hash     `json:"hashes,omitempty"`
	Settled []property `json:"properties,omitempty"` // what it was built with
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// writeBill lists what is in a binary, by what Go wrote into it: exactly the modules of
// which code was linked, each with the hash that go.sum holds it to.
func writeBill(w io.Writer, info *debug.BuildInfo, version string, at time.Time) error {
	self := component{Type: "application", Ref: "parley", Name: "parley", Version: version}
	for _, s := range info.Settings {
		self.Settled = append(self.Settled, property{"go:build:" + s.Key, s.Value})
	}
	language := strings.TrimPrefix(info.GoVersion, "go")
	b := bill{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata:   metadata{Time: at.Format(time.RFC3339), Component: self},
		Components: []component{{Type: "library", Ref: "std", Name: "std", Version: language, URL: "pkg:golang/std@" + language}},
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c, err := moduleOf(m)
		if err != nil {
			return err
		}
		b.Components = append(b.Components, c)
	}
	on := make([]string, len(b.Components))
	for i, c := range b.Components {
		on[i] = c.Ref
	}
	b.Dependencies = []dependency{{Ref: "parley", On: on}}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

func moduleOf(m *debug.Module) (component, error) {
	url := "pkg:golang/" + m.Path + "@" + strings.ReplaceAll(m.Version, "+", "%2B")
	c := component{Type: "library", Ref: url, Name: m.Path, Version: m.Version, URL: url}
	sum, ok := strings.CutPrefix(m.Sum, "h1:")
	if !ok {
		return c, nil
	}
	raw, err := base64.StdEncoding.DecodeString(sum)
	if err != nil || len(raw) != sha256.Size {
		return c, fmt.Errorf("the hash %q of %s is none", m.Sum, m.Path)
	}
	c.Hashes = []hash{{"SHA-256", hex.EncodeToString(raw)}}
	return c, nil
}
