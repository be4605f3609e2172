package secrecy

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// words are those planted words that a text holds, however they are spelled: as they
// are, in the escapes of HTML, of addresses and of JSON, in base64 and in hexadecimal.
func words(text string) []string {
	all := map[string]bool{}
	found(all, text)
	found(all, unescaped(text))
	for run := range runs(text, inBase64, 16) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for from := range 4 {
			cut := run[from:]
			if len(cut)%4 == 1 { // which no text comes to
				cut = cut[:len(cut)-1]
			}
			bytes, _ := base64.RawStdEncoding.DecodeString(cut)
			found(all, string(bytes))
		}
	}
	for run := range runs(text, inHex, 24) {
		for from := range 2 {
			bytes, _ := hex.DecodeString(run[from : from+(len(run)-from)/2*2])
			found(all, string(bytes))
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// found adds the words that stand in a text as they are, or in capitals.
func found(all map[string]bool, text string) {
	for text = strings.ToLower(text); ; {
		from := strings.Index(text, "zqx")
		if from < 0 {
			return
		}
		text = text[from+3:]
		to := strings.Index(text, "xqz")
		if to > 0 && !strings.ContainsFunc(text[:to], func(r rune) bool { return r > 'z' || !inHex(byte(r)) && (r < 'a' || r > 'z') }) {
			all["zqx"+text[:to]+"xqz"] = true
		}
	}
}

// runs are the longest pieces of a text of bytes of one kind, as far as they have at least
// so many.
func runs(text string, in func(byte) bool, least int) iter.Seq[string] {
	return func(yield func(string) bool) {
		from := 0
		for i := 0; i <= len(text); i++ {
			if i < len(text) && in(text[i]) {
				continue
			}
			if i-from >= least && !yield(text[from:i]) {
				return
			}
			from = i + 1
		}
	}
}

func inHex(b byte) bool { return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'f' }

func inBase64(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b == '+' || b == '/' || b == '-' || b == '_'
}

// unescaped takes the escapes of HTML, JSON and addresses off a text.
func unescaped(s string) string {
	return decoded(decoded(html.UnescapeString(s), `\u`, 4), "%", 2)
}

// decoded puts the bytes that escapes of one form stand for in their place: a mark and so
// many hexadecimal digits.
func decoded(s, mark string, digits int) string {
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(s, mark)
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		n, err := strconv.ParseUint(after[:min(digits, len(after))], 16, 32)
		if s = after; err != nil || len(after) < digits {
			out.WriteString(mark)
			continue
		}
		s = after[digits:]
		if digits == 2 {
			out.WriteByte(byte(n))
			continue
		}
		out.WriteRune(rune(n))
	}
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
