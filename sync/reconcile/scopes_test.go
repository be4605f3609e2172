package reconcile

import (
	"reflect"
	"time"

	"parley/kanban"
)

// scopes are the checks that are made with n edits by people.
func scopes(n int) []scope {
	both := func(v Verdict) Policy { return Policy{Carry: CarryBoth, Conflict: v} }
	faults := budget{edits: n, drops: 1, doubts: 1}
	fewer := faults // where schedules are many already: the board writes to both sides at once
	if n == 2 {
		fewer.drops = 0
	}
	stepwise := budget{edits: n, doubts: 1} // two requests double the schedules: 7 million states at three edits
	plain := scope{lens: identity(), start: [2]kanban.Native{"a", "a"}, edits: [2]string{"abc", "abc"}, skew: time.Second, allowed: faults}
	with := func(name string, change func(*scope)) scope {
		sc := plain
		sc.name = name
		change(&sc)
		sc.plain = reflect.DeepEqual(sc.lens, identity()) && sc.start == plain.start
		return sc
	}
	return []scope{
		with("GitHub wins", func(sc *scope) { sc.policy = both(GitHubWins) }),
		with("Jira wins", func(sc *scope) { sc.policy = both(JiraWins) }),
		with("newest wins", func(sc *scope) { sc.policy = both(NewestWins) }),
		with("ask", func(sc *scope) { sc.policy = both(Ask) }),
		with("without operation ids", func(sc *scope) { sc.policy, sc.noIDs = both(GitHubWins), true }),
		with("clocks two ticks apart", func(sc *scope) {
			sc.policy, sc.skew, sc.clock = both(NewestWins), 2*time.Second, [3]int{0, 2, 1}
		}),
		with("clocks two ticks apart, the other way", func(sc *scope) {
			sc.policy, sc.skew, sc.clock = both(JiraWins), 2*time.Second, [3]int{2, 0, 0}
		}),
		with("from the board", func(sc *scope) {
			sc.policy, sc.board, sc.edits = both(JiraWins), "bc", [2]string{"ab", "ac"}
			sc.allowed = fewer
		}),
		with("from the board, asking", func(sc *scope) {
			sc.policy, sc.board, sc.edits = both(Ask), "bc", [2]string{"ab", "ac"}
			sc.allowed = fewer
		}),
		with("from the board, taken back", func(sc *scope) {
			sc.policy, sc.board, sc.regret, sc.edits = both(JiraWins), "b", "ac", [2]string{"ab", "ac"}
			sc.allowed = budget{edits: n}
		}),
		with("asking, taken back", func(sc *scope) { sc.policy, sc.regret = both(Ask), "abc" }),
		with("one edit more and nothing fails", func(sc *scope) {
			sc.policy, sc.allowed = both(JiraWins), budget{edits: n + 1}
		}),
		with("one edit more, asking", func(sc *scope) {
			sc.policy, sc.allowed, sc.board = both(Ask), budget{edits: n + 1}, "b"
		}),
		with("one edit more, clocks apart", func(sc *scope) {
			sc.policy, sc.allowed, sc.skew, sc.clock = both(GitHubWins), budget{edits: n + 1}, 2*time.Second, [3]int{2, 0, 1}
		}),
		with("one edit more, the other clock ahead", func(sc *scope) {
			sc.policy, sc.allowed, sc.skew, sc.clock = both(GitHubWins), budget{edits: n + 1}, 2*time.Second, [3]int{0, 2, 0}
		}),
		// That the account is Parley's alone is an assumption. Who shares it is told apart
		// by what they set; a third person's edit can make that not enough.
		with("people use Parley's account", func(sc *scope) {
			sc.policy, sc.allowed, sc.shared = both(JiraWins), budget{edits: 2, doubts: 1}, true
		}),
		with("two may doubt", func(sc *scope) {
			sc.policy, sc.edits, sc.allowed = both(GitHubWins), [2]string{"ab", "ac"}, budget{edits: n, drops: 0, doubts: 2}
		}),
		with("six values seen as three", func(sc *scope) {
			sc.policy, sc.lens = both(GitHubWins), lossy()
			sc.start, sc.edits = [2]kanban.Native{"a", "1"}, [2]string{"abc", "12"}
		}),
		with("six values seen as three, asking", func(sc *scope) {
			sc.policy, sc.lens = both(Ask), lossy()
			sc.start, sc.edits, sc.board = [2]kanban.Native{"a", "1"}, [2]string{"abc", "12"}, "b"
		}),
		with("no opinion at first", func(sc *scope) {
			sc.policy, sc.lens = both(JiraWins), partial()
			sc.start, sc.edits = [2]kanban.Native{"a", silent}, [2]string{"ab", "ab-"}
		}),
		with("no opinion anywhere", func(sc *scope) {
			sc.policy, sc.lens = both(GitHubWins), partial()
			sc.start, sc.edits, sc.board = [2]kanban.Native{silent, silent}, [2]string{"a-", "ab-"}, "a"
			sc.allowed = fewer
		}),
		with("no opinion is how a value is written", func(sc *scope) {
			sc.policy, sc.lens = both(JiraWins), unlabelled()
			sc.start, sc.edits = [2]kanban.Native{"a", silent}, [2]string{"abc", "bc-"}
		}),
		with("no opinion is how a value is written, from the board", func(sc *scope) {
			sc.policy, sc.lens, sc.allowed = both(GitHubWins), unlabelled(), fewer
			sc.start, sc.edits, sc.board = [2]kanban.Native{"b", "b"}, [2]string{"ab", "b-"}, "a"
		}),
		with("values nobody can translate", func(sc *scope) {
			sc.policy, sc.lens, sc.edits = both(GitHubWins), partial(), [2]string{"ab", "b?-!"}
		}),
		with("values nobody can translate, from the board", func(sc *scope) {
			sc.policy, sc.lens, sc.edits, sc.board = both(JiraWins), partial(), [2]string{"b?", "b?"}, "ad"
		}),
		with("asking about values nobody can translate", func(sc *scope) {
			sc.policy, sc.lens, sc.edits = both(Ask), partial(), [2]string{"ab-", "bc?"}
		}),
		with("a value one side cannot show", func(sc *scope) {
			sc.policy, sc.lens, sc.edits, sc.board = both(JiraWins), partial(), [2]string{"bd", "bc"}, "d"
		}),
		with("history lags behind the state", func(sc *scope) {
			sc.policy, sc.allowed = both(JiraWins), fewer
			sc.allowed.glimpses = 1
		}),
		with("history lags behind the state, asking", func(sc *scope) {
			sc.policy, sc.allowed.glimpses = both(Ask), 1
		}),
		with("two statuses say the same", func(sc *scope) {
			sc.policy, sc.lens, sc.edits = both(GitHubWins), synonyms(), [2]string{"abA", "ab"}
		}),
		with("two statuses say the same, history lags", func(sc *scope) {
			sc.policy, sc.lens, sc.edits = both(JiraWins), synonyms(), [2]string{"abA", "ab"}
			sc.allowed = budget{edits: n, doubts: 1, glimpses: 1}
		}),
		with("two requests a write", func(sc *scope) {
			sc.policy, sc.lens, sc.steps, sc.noIDs = both(JiraWins), labels(), true, true
			sc.edits, sc.allowed = [2]string{"ab", "abc"}, stepwise
		}),
		with("two requests a write, GitHub wins", func(sc *scope) {
			sc.policy, sc.lens, sc.steps, sc.noIDs = both(GitHubWins), labels(), true, true
			sc.edits, sc.allowed = [2]string{"ab", "ac-"}, stepwise
		}),
		with("two requests a write, from the board", func(sc *scope) {
			sc.policy, sc.lens, sc.steps, sc.noIDs = both(Ask), labels(), true, true
			sc.edits, sc.board, sc.allowed = [2]string{"b", "ac"}, "b", stepwise
		}),
		with("the twin was created", func(sc *scope) {
			sc.policy, sc.born, sc.start = both(JiraWins), true, [2]kanban.Native{"b", "a"}
		}),
		with("the twin was created, asking", func(sc *scope) {
			sc.policy, sc.born, sc.lens, sc.start = both(Ask), true, partial(), [2]kanban.Native{"b", silent}
		}),
		with("the mapping changes before history is read", func(sc *scope) {
			sc.policy, sc.allowed = both(JiraWins), budget{edits: n, doubts: 1, remaps: 1}
		}),
		with("the mapping changes before history is read, newest wins", func(sc *scope) {
			sc.policy, sc.allowed = both(NewestWins), budget{edits: n, drops: 1, remaps: 1}
		}),
		with("the mapping changes before history is read, asking", func(sc *scope) {
			sc.policy, sc.allowed = both(Ask), budget{edits: n, doubts: 1, remaps: 1}
		}),
		with("only Jira's changes are carried", func(sc *scope) {
			sc.policy, sc.excuse = Policy{CarryJira, JiraWins}, one(int(kanban.GitHub))
			sc.board, sc.allowed = "b", fewer
		}),
		with("only GitHub's changes are carried", func(sc *scope) {
			sc.policy, sc.excuse = Policy{CarryGitHub, JiraWins}, one(int(kanban.Jira))
		}),
		with("nothing is carried", func(sc *scope) {
			sc.policy, sc.excuse = Policy{CarryOff, JiraWins}, one(0).with(1)
		}),
	}
}
