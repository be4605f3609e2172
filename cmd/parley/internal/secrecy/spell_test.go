package secrecy

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The forms in which a word can hide in an answer.
var (
	planted   = regexp.MustCompile(`zqx[a-z0-9]+?xqz`)
	percent   = regexp.MustCompile(`%[0-9a-fA-F]{2}`)
	codePoint = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)
	hexRun    = regexp.MustCompile(`[0-9a-fA-F]{24,}`)
)

// words are those planted words that a text holds, however they are spelled: as they
// are, in the escapes of HTML, of addresses and of JSON, in base64 and in hexadecimal.
func words(text string) []string {
	all := map[string]bool{}
	find := func(s string) {
		for _, w := range planted.FindAllString(strings.ToLower(s), -1) {
			all[w] = true
		}
	}
	find(text)
	find(unescaped(text))
	for _, run := range base64Run.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for from := range 4 {
			cut := run[from:]
			if len(cut)%4 == 1 { // which no text comes to
				cut = cut[:len(cut)-1]
			}
			bytes, _ := base64.RawStdEncoding.DecodeString(cut)
			find(string(bytes))
		}
	}
	for _, run := range hexRun.FindAllString(text, -1) {
		for from := range 2 {
			bytes, _ := hex.DecodeString(run[from : from+(len(run)-from)/2*2])
			find(string(bytes))
		}
	}
	var out []string
	for w := range all {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// unescaped takes the escapes of HTML, JSON and addresses off a text.
func unescaped(s string) string {
	number := func(digits string) int {
		n, _ := strconv.ParseInt(digits, 16, 32)
		return int(n)
	}
	s = html.UnescapeString(s)
	s = codePoint.ReplaceAllStringFunc(s, func(e string) string { return string(rune(number(e[2:]))) })
	return percent.ReplaceAllStringFunc(s, func(e string) string { return string([]byte{byte(number(e[1:]))}) })
}

func TestWordsAreFoundHoweverTheyAreSpelled(t *testing.T) {
	t.Parallel()
	const word = "zqxtitle7xqz"
	escaped, inJSON, inAddress := "", "", ""
	for _, r := range word {
		escaped += "&#" + strconv.Itoa(int(r)) + ";"
		inJSON += `\u00` + strconv.FormatInt(int64(r), 16)
		inAddress += "%" + strconv.FormatInt(int64(r), 16)
	}
	for name, text := range map[string]string{
		"as it is": "a " + word + " b", "in capitals": strings.ToUpper(word), "HTML": "<b>" + escaped + "</b>", "JSON": `"` + inJSON + `"`, "an address": "/?search=" + inAddress,
		"base64": base64.StdEncoding.EncodeToString([]byte("xx" + word)), "base64 for addresses, one further": "/" + base64.RawURLEncoding.EncodeToString([]byte("ü?>x"+word+"?>")),
		"hexadecimal": "id=f" + hex.EncodeToString([]byte(word)), "two of them": word + word,
	} {
		if got := words(text); !slices.Equal(got, []string{word}) {
			t.Errorf("%s: found %v in %s", name, got, text)
		}
	}
	if got := words("zqx xqz zqxxqz and nothing else"); len(got) > 0 {
		t.Errorf("found %v where there is none", got)
	}
}
