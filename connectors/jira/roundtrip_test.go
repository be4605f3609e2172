package jira

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/recordings"
)

const (
	devlake  = "jira/recorded/devlake-cloud-scrubbed/"
	goJira   = "jira/recorded/go-jira-mock/"
	jiraCLI  = "jira/recorded/jira-cli/"
	cfd      = "jira/recorded/hack-jira-cfd/"
	official = "jira/examples/cloud-v2/" // of Atlassian's own document
	answered = "response 200"
)

// source is a recording and the way to its values.
type source struct {
	file string
	keys []string
}

func from(file string, keys ...string) source { return source{file, keys} }

// kind is a sort of answer: where it was recorded, and what is not in any recording and
// read all the same, with the reason.
type kind struct {
	sources []source
	without reasons
	check   func(t *testing.T, all []json.RawMessage, without reasons)
}

// Why a member is read that no recording has.
const (
	onServer  = "Data Center: the recordings are of Cloud"
	ours      = "Parley's own: it writes them itself"
	noChoices = "the recorded screens have no field with choices"
	managed   = "of team-managed projects"
	scrubbed  = "it was taken out of the recordings"
	rare      = "Atlassian's document has it, the recorded sites did not use it"
)

func kinds() map[string]kind {
	return map[string]kind{
		"issue": {[]source{from(devlake+"issues-with-changelog.json", "data", "fields"), from(cfd+"jira-jql-query-response-fixture.json", "issues", "fields"),
			from(jiraCLI+"search.json", "issues", "fields"), from(goJira+"issues_in_sprint.json", "issues", "fields")}, because(managed, "status.scope", "status.scope.project", "status.scope.project.id", "status.scope.project.name").
			and(rare, "status.untranslatedName", "archiveddate", "security", "security.id", "security.name", "components.id", "components.name").
			and(scrubbed, "description").and(onServer, "creator.key", "creator.name", "reporter.key", "reporter.name"), reads[wireFields]},
		"changelog": {[]source{from(devlake+"issues-with-changelog.json", "data", "changelog")}, because(ours, "histories.historyMetadata.extraData", "histories.historyMetadata.extraData.op", "histories.historyMetadata.type").
			and(onServer, "histories.author.key", "histories.author.name"), reads[wireChangelog]},
		"history": {[]source{from(devlake+"issue-changelogs.json", "data"), from(cfd+"jira-changelog-response-fixture.json", "values"),
			from(official+"changelog.json", answered, "values")}, because(ours, "historyMetadata", "historyMetadata.extraData", "historyMetadata.extraData.op", "historyMetadata.type").
			and(onServer, "author.key", "author.name"), reads[wireHistory]},
		"status": {[]source{from(devlake+"status.json", "data"), from(goJira + "all_statuses.json"), from(official+"status.json", answered)},
			because(rare, "scope.project.name"), reads[wireStatus]},
		"priority": {[]source{from(goJira + "all_priorities.json"), from(official+"priority.json", answered)}, nil, reads[wireOption]},
		"user":     {[]source{from(devlake+"users.json", "data"), from(jiraCLI + "users.json"), from(official+"myself.json", answered)}, nil, reads[wireUser]},
		"transition": {[]source{from(goJira+"transitions.json", "transitions"), from(jiraCLI+"transitions.json", "transitions"),
			from(official+"transitions-get.json", answered, "transitions")}, because(managed, "to.scope", "to.scope.project", "to.scope.project.id", "to.scope.project.name").
			and(rare, "to.untranslatedName").and(noChoices, "fields.*.allowedValues.id", "fields.*.allowedValues.name", "fields.*.allowedValues.value"), reads[wireTransition]},
		"remote link": {[]source{from(devlake+"remotelinks.json", "data"), from(goJira + "remote_links.json")}, nil, reads[wireLink]},
		"field":       {[]source{from(goJira + "all_fields.json"), from(jiraCLI + "fields.json"), from(official+"field.json", answered)}, because(rare, "untranslatedName"), reads[wireField]},
		"create type": {[]source{from(jiraCLI+"createmetav9.json", "values"), from(devlake+"issuetypes.json", "data")}, nil, reads[metaType]},
	}
}

// reasons say of members why no recording has them.
type reasons map[string]string

func because(why string, members ...string) reasons { return reasons{}.and(why, members...) }

func (r reasons) and(why string, members ...string) reasons {
	for _, m := range members {
		r[m] = why
	}
	return r
}

// reads decodes all recordings of a kind, writes what was read, and reads that again: the
// same; and every member that is read is in some recording, or known not to be.
func reads[T any](t *testing.T, all []json.RawMessage, without reasons) {
	t.Helper()
	for _, raw := range all {
		var first, second T
		if err := json.Unmarshal(raw, &first); err != nil {
			t.Errorf("%.200s: %v", raw, err)
			continue
		}
		text, err := json.Marshal(recordings.Encode(first))
		if err == nil {
			err = json.Unmarshal(text, &second)
		}
		if err != nil || !reflect.DeepEqual(first, second) {
			t.Errorf("%.200s:\n%v\n%s", raw, err, cmp.Diff(recordings.Encode(first), recordings.Encode(second)))
		}
	}
	absent := recordings.Absent(all, recordings.Paths[T]())
	for _, p := range absent {
		if without[p] == "" {
			t.Errorf("%s is read, and no recording has it", p)
		}
	}
	for p := range without {
		if !slices.Contains(absent, p) {
			t.Errorf("%s is said not to be in any recording, and is", p)
		}
	}
}

// TestRecordingsAreReadWhole: what Jira really answered is read, nothing that is read gets
// lost on the way through Parley's types, and nothing is read that Jira does not send.
func TestRecordingsAreReadWhole(t *testing.T) {
	t.Parallel()
	for name, k := range kinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []json.RawMessage
			for _, s := range k.sources {
				all = append(all, recordings.Load(t, s.file, s.keys...)...)
			}
			k.check(t, all, k.without)
		})
	}
}
