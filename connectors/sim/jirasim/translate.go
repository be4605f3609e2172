package jirasim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Translate gives the words that accounts of a locale, as "de_DE", see instead of the
// site's own: names of statuses, categories, priorities, resolutions, issue types and
// fields, and what a refusal says. A key with %s or %d stands for any text there. Ids
// stay, and so does what a changelog has noted.
func (s *Site) Translate(locale string, words map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words[locale] = newWordbook(words)
}

// wordbook is the words of a language.
type wordbook struct {
	plain    map[string]string
	patterns []pattern
}

// pattern is a sentence with gaps.
type pattern struct {
	from []string // what stands between the gaps
	to   string   // with %s at the gaps
}

func newWordbook(words map[string]string) *wordbook {
	b := &wordbook{plain: map[string]string{}}
	gaps := strings.NewReplacer("%d", "%s")
	for _, from := range slices.Sorted(maps.Keys(words)) {
		if parts := strings.Split(gaps.Replace(from), "%s"); len(parts) > 1 {
			b.patterns = append(b.patterns, pattern{parts, gaps.Replace(words[from])})
		} else {
			b.plain[from] = words[from]
		}
	}
	// The most specific first.
	slices.SortStableFunc(b.patterns, func(x, y pattern) int {
		return cmp.Compare(len(strings.Join(y.from, "")), len(strings.Join(x.from, "")))
	})
	return b
}

// say gives a text in the language, itself where there is no word for it.
func (b *wordbook) say(text string) string {
	if b == nil {
		return text
	}
	if to, ok := b.plain[text]; ok {
		return to
	}
	for _, p := range b.patterns {
		if filled, ok := p.fill(text); ok {
			return filled
		}
	}
	return text
}

// fill puts what stands in the gaps of a text into those of the translation.
func (p pattern) fill(text string) (string, bool) {
	rest, ok := strings.CutPrefix(text, p.from[0])
	to := p.to
	for i, part := range p.from[1:] {
		if !ok {
			return "", false
		}
		at := strings.Index(rest, part)
		if i == len(p.from)-2 {
			at = len(rest) - len(part)
			ok = strings.HasSuffix(rest, part)
		}
		if at < 0 || !ok {
			return "", false
		}
		to = strings.Replace(to, "%s", rest[:at], 1)
		rest = rest[at+len(part):]
	}
	return to, ok
}

// word is a text in the language of the account that asks. Hold the lock.
func (c *call) word(text string) string { return c.site.words[c.locale()].say(text) }

// locale is the language of the account that asks.
func (c *call) locale() string {
	if c.user == nil || c.user.Locale == "" {
		return "en_US"
	}
	return c.user.Locale
}

// spoken is a refusal in the language of the account that asks.
func (c *call) spoken(r *Refusal) *Refusal {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	out := &Refusal{Status: r.Status, Errors: map[string]string{}}
	for _, m := range r.Messages {
		out.Messages = append(out.Messages, c.word(m))
	}
	for field, m := range r.Errors {
		out.Errors[field] = c.word(m)
	}
	return out
}

// German are the words that Translate needs for what AddCompany sets up.
func German() map[string]string {
	return map[string]string{
		"To Do": "Zu erledigen", "In Progress": "In Arbeit", "In Review": "In Prüfung", "Waiting": "Wartet", "Done": "Fertig", "No Category": "Keine Kategorie",
		"Highest": "Höchste", "High": "Hoch", "Medium": "Mittel", "Low": "Niedrig", "Lowest": "Niedrigste",
		"Won't Do": "Wird nicht erledigt", "Duplicate": "Duplikat", "Cannot Reproduce": "Nicht reproduzierbar",
		"Story": "Story", "Bug": "Fehler", "Task": "Aufgabe", "Incident": "Störung", "Epic": "Epos",
		"Summary": "Zusammenfassung", "Description": "Beschreibung", "Priority": "Priorität", "Resolution": "Lösung", "Labels": "Stichwörter",
		"Assignee": "Zugewiesene Person", "Reporter": "Verfasser", "Due date": "Fälligkeitsdatum", "Updated": "Aktualisiert", "Created": "Erstellt", "Status": "Status",
		"status": "Status", "priority": "Priorität", "resolution": "Lösung", "labels": "Stichwörter", "assignee": "Zugewiesene Person", "summary": "Zusammenfassung",
		"The priority selected is invalid.": "Die ausgewählte Priorität ist ungültig.",
		"%s is required.":                   "%s ist erforderlich.",
		"Field %s is required.":             "Das Feld %s ist erforderlich.",
		"Field '%s' cannot be set. It is not on the appropriate screen, or unknown.":         "Das Feld „%s“ kann nicht festgelegt werden. Es befindet sich nicht auf der entsprechenden Bildschirmmaske oder ist unbekannt.",
		"Transition id '%s' is not valid for this issue.":                                    "Die Übergangs-ID „%s“ ist für diesen Vorgang nicht gültig.",
		"Issue does not exist or you do not have permission to see it.":                      "Der Vorgang existiert nicht, oder Sie sind nicht berechtigt, ihn anzuzeigen.",
		"No project could be found with key '%s'.":                                           "Es wurde kein Projekt mit dem Schlüssel „%s“ gefunden.",
		"You do not have the permission to %s.":                                              "Sie haben keine Berechtigung: %s.",
		"The issue could not be updated due to a conflicting update.":                        "Der Vorgang konnte wegen einer gleichzeitigen Änderung nicht aktualisiert werden.",
		"The provided nextPageToken is invalid or has expired.":                              "Das nextPageToken ist ungültig oder abgelaufen.",
		"The issue is archived and cannot be changed.":                                       "Der Vorgang ist archiviert und kann nicht geändert werden.",
		"Basic Authentication has been disabled on this instance.":                           "Die Basisauthentifizierung wurde für diese Instanz deaktiviert.",
		"The value '%s' does not exist for the field '%s'.":                                  "Der Wert „%s“ existiert für das Feld „%s“ nicht.",
		"Unbounded JQL queries are not allowed here. Add a search restriction to the query.": "Unbegrenzte JQL-Abfragen sind hier nicht zulässig.",
	}
}
