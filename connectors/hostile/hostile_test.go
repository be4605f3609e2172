package hostile

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeader(t *testing.T) {
	t.Parallel()
	got := header("Retry-After: 5\r\nlink:<x>; rel=next\nno header\n: none\nX: a\x00b\nLink: y")
	want := http.Header{"Retry-After": {"5"}, "Link": {"<x>; rel=next", "y"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://x.example/issue/7", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if !Path("GET", "/issue/7")(r) || Path("PUT", "/issue/7")(r) || Path("GET", "/issue/8")(r) {
		t.Error("the path does not decide")
	}
	plain, page := JSON("{}").response(r), Answer{Status: 503, Header: http.Header{"Content-Type": {"text/html"}}}.response(r)
	if plain.StatusCode != 200 || plain.Header.Get("Content-Type") == "" || page.StatusCode != 503 || page.Header.Get("Content-Type") != "text/html" {
		t.Errorf("%+v, %+v", plain, page)
	}
}
