package connectors

// Survey is what a credential could be used for: it is asked once, before there is a
// configuration.
type Survey struct {
	Product string // as in Directory
	Me      Person
	Places  []Place
	More    bool    // there are more places than these
	Boards  []Board // GitHub: projects that the repositories are linked to
}

// Place is a project or repository as its own tracker presents it.
type Place struct {
	Key        string   // "OPS", "acme/payments"
	Name       string   // for people, "" where the key is all there is
	Components []string // Jira
	Types      []string // Jira: issue types, sub-tasks left out
}

// Board is a GitHub project with its fields of single options.
type Board struct {
	Name     string // owner/number
	Title    string
	Writable bool
	Fields   []OptionField // Of is "": what they hold is nobody's decision yet
}
