package mapping

import (
	"regexp"
	"strings"
)

// gap is a blank without width. Within a word that a tracker would act on it keeps
// the word readable and takes the act away.
const gap = '\u200b'

// harmless is a text of one tracker as it may stand in an issue of the other: it
// calls nobody, refers to nothing, closes nothing, shows no foreign picture, opens no
// block that would swallow what follows, and holds nothing that could be taken for a
// mark of ours or for the address of another twin. For both trackers the same is
// done, so that nobody has to think of what either makes of the other's signs.
func (r *Rules) harmless(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	rs := []rune(strings.Map(visible, strings.ToValidUTF8(text, "\ufffd")))
	var out strings.Builder
	for i := range rs {
		out.WriteRune(rs[i])
		if acts(rs, i) {
			out.WriteRune(gap)
		}
	}
	text = out.String()
	for _, host := range r.hosts() {
		text = host.ReplaceAllStringFunc(text, parted)
	}
	return strings.TrimSpace(text)
}

// parted puts the gap before the last sign of a word.
func parted(word string) string { return word[:len(word)-1] + string(gap) + word[len(word)-1:] }

// acts reports whether a sign must not be followed directly by what follows it.
func acts(rs []rune, i int) bool {
	next := at(rs, i+1)
	switch rs[i] {
	case '@': // a call; an address of electronic mail is none
		return !blank(next) && (!word(at(rs, i-1)) || !word(next))
	case '#': // #12, owner/repo#12
		return digit(next)
	case '-': // GH-12
		return digit(next) && lower(at(rs, i-1)) == 'h' && lower(at(rs, i-2)) == 'g' && !word(at(rs, i-3))
	case '<': // a tag, a comment, an instruction
		return letter(next) || strings.ContainsRune("/!?", next)
	case '&': // a sign written as its number or name, &#64;
		return letter(next) || next == '#'
	case '!': // !picture.png!, ![](picture.png)
		return !blank(next)
	case '[': // [~accountid:…], [^attachment]
		return next == '~' || next == '^'
	case '{': // {code}, {include:…}
		return letter(next)
	case '`', '~': // a fence
		return at(rs, i-1) == rs[i] && next == rs[i]
	}
	return false
}

// at is the sign at a place, 0 outside of the text.
func at(rs []rune, i int) rune {
	if i < 0 || i >= len(rs) {
		return 0
	}
	return rs[i]
}

func digit(r rune) bool  { return r >= '0' && r <= '9' }
func letter(r rune) bool { return lower(r) >= 'a' && lower(r) <= 'z' }
func word(r rune) bool   { return letter(r) || digit(r) }

// blank is nothing, the gap, or one of the few signs that every tracker takes for a
// blank.
func blank(r rune) bool { return r == 0 || r == gap || r == ' ' || r == '\n' || r == '\t' }

func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// hosts finds the trackers' own addresses in a text, in any form: they make
// references, and a twin is known by them. A host without a dot is a word like any
// other unless it stands where one does in an address.
func (r *Rules) hosts() []*regexp.Regexp {
	all := []*regexp.Regexp{regexp.MustCompile(`(?i)github\.com`)}
	for _, s := range r.sites {
		for _, base := range s.bases {
			name := strings.TrimPrefix(strings.ToLower(base.Hostname()), "www.")
			pattern := regexp.QuoteMeta(name)
			if !strings.ContainsAny(name, ".:") {
				pattern = `[/\\@.]` + pattern
			}
			all = append(all, regexp.MustCompile(`(?i)`+pattern))
		}
	}
	return all
}
