package mirror

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var key = []byte("0123456789abcdef0123456789abcdef")

func TestMarkIsOneReadableLine(t *testing.T) {
	t.Parallel()
	const want = "v1 m=6fcd0d1a-6779-5648-9624-5aa675016e79 src=my-jira/10007 mac=5794b7660ed1da99" // what stands in issues already must stay readable
	got := Mark(key, "my-jira", "10007", "acme/payments")
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m, ok := Verify([][]byte{[]byte("newer"), key}, "acme/payments", got)
	if !ok {
		t.Fatal("its own mark is not proved")
	}
	if d := cmp.Diff(Marker{M: m.M, Source: "my-jira", ID: "10007"}, m); d != "" {
		t.Error(d)
	}
}

func TestMarkThatIsNotProved(t *testing.T) {
	t.Parallel()
	good := Mark(key, "jira", "10007", "acme/payments")
	for name, c := range map[string]struct {
		keys            [][]byte
		container, text string
	}{
		"another container":   {[][]byte{key}, "acme/other", good},
		"another key":         {[][]byte{[]byte("other")}, "acme/payments", good},
		"no key":              {nil, "acme/payments", good},
		"another source":      {[][]byte{key}, "acme/payments", strings.Replace(good, "10007", "10008", 1)},
		"another tracker":     {[][]byte{key}, "acme/payments", strings.Replace(good, "src=jira", "src=jirb", 1)},
		"another identity":    {[][]byte{key}, "acme/payments", "v1 m=00000000-0000-5000-8000-000000000000" + good[len("v1 m=00000000-0000-5000-8000-000000000000"):]},
		"a mac of another":    {[][]byte{key}, "acme/payments", good[:len(good)-16] + "0123456789abcdef"},
		"a mac that is short": {[][]byte{key}, "acme/payments", good[:len(good)-2]},
		"a mac in capitals":   {[][]byte{key}, "acme/payments", strings.ToUpper(good)},
		"space around it":     {[][]byte{key}, "acme/payments", good + " "},
		"a line more":         {[][]byte{key}, "acme/payments", good + "\n"},
		"nothing":             {[][]byte{key}, "acme/payments", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if m, ok := Verify(c.keys, c.container, c.text); ok {
				t.Errorf("%q is taken for proved: %+v", c.text, m)
			}
		})
	}
}

// Whatever a name or an id holds, the line can stand in an HTML comment and in JSON,
// and says what was written.
func TestEveryMarkIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringN(1, 20, -1), rapid.StringMatching(`[-a-z%/>< "0-9]{1,12}`))
		source, id, container := text.Draw(t, "source"), text.Draw(t, "id"), text.Draw(t, "container")
		mark := Mark(key, source, id, container)
		if strings.Contains(mark, "--") || strings.ContainsAny(mark, "<>\"'\\\r\n") || strings.Count(mark, " ") != 3 {
			t.Fatalf("%q breaks what it stands in", mark)
		}
		m, ok := Verify([][]byte{key}, container, mark)
		if !ok || m.Source != source || m.ID != id {
			t.Fatalf("%q is read as %+v, %v; it was written for %q and %q", mark, m, ok, source, id)
		}
	})
}

func FuzzRead(f *testing.F) {
	good := Mark(key, "jira", "10007", "acme/payments")
	for _, s := range []string{good, "", "v1", good + good, strings.Replace(good, "/", "//", 1), strings.Replace(good, "jira", "%6Aira", 1), "v1 m= src=/ mac="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := Read(s)
		if !ok {
			if m != (Marker{}) {
				t.Errorf("%q is refused and still read as %+v", s, m)
			}
			return
		}
		if m.M == "" || m.Source == "" || m.ID == "" {
			t.Errorf("%q is accepted with something missing: %+v", s, m)
		}
		if back := "v1 m=" + m.M + " src=" + escape(m.Source) + "/" + escape(m.ID); !strings.HasPrefix(s, back+" mac=") {
			t.Errorf("%q is not what would be written for %+v", s, m)
		}
	})
}
