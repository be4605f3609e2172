package propose

import (
	"strings"
	"unicode"
)

// slot is a place that work can be in, whatever it is called.
type slot string

const (
	requests  slot = "requests"
	committed slot = "committed"
	doing     slot = "doing"
	review    slot = "review"
	accepting slot = "acceptance"
	waiting   slot = "waiting"
	done      slot = "done"
	withdrawn slot = "withdrawn"
)

// slots are the columns of a board from left to right.
func slots() []slot {
	return []slot{requests, committed, doing, review, waiting, accepting, done, withdrawn}
}

// word is what a name is known to mean. Its rank is its place among the names of the slot:
// the usual ones come first.
type word struct {
	slot slot
	rank int
}

// vocabulary is what statuses and labels are usually called, in the form of normal: in
// English as Jira, Jira Service Management and GitHub come, then in German, French,
// Spanish and Italian as Jira translates itself.
func vocabulary() map[string]word {
	out := map[string]word{}
	for s, names := range map[slot]string{
		requests: "to do|todo|open|backlog|new|reopened|triage|needs triage|waiting for triage|inbox|ideas|idea|icebox|funnel|submitted|requested|created|draft|" +
			"zu erledigen|offen|neu|aufgaben|rückstand|wieder geöffnet|erneut geöffnet|entwurf|à faire|ouvert|nouveau|rouvert|por hacer|tareas por hacer|abierto|abierta|nuevo|nueva|da fare|da completare|aperto|nuovo",
		committed: "selected for development|selected|ready|ready for development|ready for dev|ready to start|ready for work|committed|planned|scheduled|up next|next|next up|queued|accepted|approved|sprint backlog|assigned|waiting for support|" +
			"für entwicklung ausgewählt|zur entwicklung ausgewählt|ausgewählt|bereit|geplant|eingeplant|warten auf support|wartet auf support|sélectionné pour le développement|prêt|planifié|seleccionado para desarrollo|listo para empezar|planificado|selezionato per lo sviluppo|pronto",
		doing: "in progress|doing|work in progress|wip|in development|development|started|active|in work|implementing|implementation|in implementation|coding|building|under investigation|investigating|in analysis|analysis|escalated|" +
			"in arbeit|in bearbeitung|wird bearbeitet|in entwicklung|in umsetzung|begonnen|eskaliert|en cours|en cours de développement|en curso|en progreso|in corso|in lavorazione",
		review: "in review|review|code review|in code review|needs review|ready for review|under review|peer review|awaiting review|in testing|testing|in test|test|ready for test|ready for testing|in qa|qa|ready for qa|verification|verifying|staging|" +
			"in prüfung|in überprüfung|überprüfung|wird überprüft|prüfung|im review|im test|en revue|revue|à vérifier|en revisión|en pruebas|in revisione|in verifica",
		accepting: "acceptance|in acceptance|to accept|ready for acceptance|waiting for acceptance|uat|in uat|user acceptance|user acceptance testing|business acceptance|" +
			"abnahme|zur abnahme|in abnahme|abnahme durch fachbereich|recette|en recette|à valider|aceptación|accettazione",
		waiting: "waiting|waiting for customer|waiting for requester|waiting for response|waiting for reply|awaiting response|waiting for approval|awaiting feedback|awaiting approval|needs info|more info needed|pending|on hold|blocked|paused|parked|stalled|" +
			"warten auf kunden|warten auf kunde|wartet auf kunden|wartet auf kunde|warten|wartet|wartend|angehalten|blockiert|zurückgestellt|ausstehend|en attente|en attente du client|bloqué|en espera|esperando al cliente|bloqueado|in attesa|in attesa del cliente|bloccato",
		done: "done|closed|resolved|complete|completed|finished|released|deployed|live|shipped|" +
			"fertig|erledigt|geschlossen|gelöst|abgeschlossen|terminé|terminée|fermé|fermée|résolu|résolue|finalizada|finalizado|listo|hecho|cerrado|cerrada|resuelto|resuelta|completato|completata|chiuso|chiusa|risolto|fatto",
		withdrawn: "canceled|cancelled|won't do|wont do|won't fix|wont fix|wontfix|declined|rejected|abandoned|withdrawn|obsolete|duplicate|invalid|not planned|dropped|discarded|" +
			"abgebrochen|abgelehnt|verworfen|storniert|zurückgezogen|annulé|annulée|rejeté|refusé|cancelado|cancelada|rechazado|annullato|annullata|rifiutato",
	} {
		for i, name := range strings.Split(names, "|") {
			out[name] = word{s, i}
		}
	}
	return out
}

// hints are words that say something inside of a longer name, the more telling first.
func hints() []struct {
	slot slot
	word string
} {
	return []struct {
		slot slot
		word string
	}{
		{withdrawn, "cancelled"}, {withdrawn, "canceled"}, {withdrawn, "rejected"}, {withdrawn, "declined"}, {withdrawn, "won't"}, {withdrawn, "abgelehnt"}, {withdrawn, "abgebrochen"},
		{waiting, "waiting"}, {waiting, "awaiting"}, {waiting, "pending"}, {waiting, "hold"}, {waiting, "blocked"}, {waiting, "warten"}, {waiting, "wartet"},
		{review, "review"}, {review, "test"}, {review, "testing"}, {review, "qa"}, {review, "verify"}, {review, "approval"}, {review, "prüfung"}, {accepting, "acceptance"}, {accepting, "uat"}, {accepting, "abnahme"},
		{committed, "ready"}, {committed, "selected"}, {committed, "next"}, {committed, "planned"}, {committed, "bereit"},
		{doing, "progress"}, {doing, "development"}, {doing, "arbeit"}, {doing, "entwicklung"},
	}
}

// isBacklog reports whether a name is one of what nobody has promised yet. Beside one of them "To Do" is what was
// taken from it.
func isBacklog(name string) bool {
	switch normal(name) {
	case "backlog", "icebox", "triage", "needs triage", "waiting for triage", "inbox", "ideas", "idea", "funnel", "draft", "entwurf", "rückstand":
		return true
	}
	return false
}

func isToDo(name string) bool {
	switch normal(name) {
	case "to do", "todo", "zu erledigen", "à faire", "por hacer", "da fare":
		return true
	}
	return false
}

// fold is the form in which trackers compare names.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// normal is the form of a name in the vocabulary: small letters and single spaces, without
// the signs and pictures around and between words.
func normal(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '’':
			return '\''
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '\'':
			return unicode.ToLower(r)
		case unicode.IsMark(r):
			return -1 // a picture's variant; letters of these languages have none of their own
		}
		return ' '
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

// contains reports whether a word stands in a normal name.
func contains(name, word string) bool {
	return strings.Contains(" "+name+" ", " "+word+" ")
}
