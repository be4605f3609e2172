package githubsim

import "net/http"

func labelRoutes(on add) {
	on("GET", "labels", "/issues/labels#list-labels-for-a-repository", listLabels)
	on("POST", "labels", "/issues/labels#create-a-label", createLabel)
	on("GET", "labels/*", "/issues/labels#get-a-label", getLabel)
	on("PATCH", "labels/*", "/issues/labels#update-a-label", patchLabel)
	on("DELETE", "labels/*", "/issues/labels#delete-a-label", deleteLabel)
	on("GET", "issues/*/labels", "/issues/labels#list-labels-for-an-issue", issueLabels)
	on("POST", "issues/*/labels", "/issues/labels#add-labels-to-an-issue", addIssueLabels)
	on("PUT", "issues/*/labels", "/issues/labels#set-labels-for-an-issue", setIssueLabels)
	on("DELETE", "issues/*/labels", "/issues/labels#remove-all-labels-from-an-issue", clearIssueLabels)
	on("DELETE", "issues/*/labels/*", "/issues/labels#remove-a-label-from-an-issue", removeIssueLabel)
}

func listLabels(c *call) (answer, error) {
	list, link := page(c, c.rp.labels.list)
	return answer{status: http.StatusOK, body: c.labels(c.rp, list), link: link}, nil
}

// repoLabel is the label that the first star names.
func (c *call) repoLabel() (*label, error) {
	if l := c.rp.labels.find(c.args[0]); l != nil {
		return l, nil
	}
	return nil, refuse(http.StatusNotFound, "Not Found")
}

func getLabel(c *call) (answer, error) {
	l, err := c.repoLabel()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.label(c.rp, l)}, nil
}

func createLabel(c *call) (answer, error) {
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	if _, ok := f["name"]; !ok {
		return answer{}, malformed("%q wasn't supplied.", "name")
	}
	in, err := f.label(Label{}, "name")
	if err != nil {
		return answer{}, err
	}
	l, err := c.createLabel(c.rp, in)
	if err != nil {
		return answer{}, err
	}
	j := c.label(c.rp, l)
	return answer{status: http.StatusCreated, body: j, location: j.URL}, nil
}

func patchLabel(c *call) (answer, error) {
	l, err := c.repoLabel()
	if err != nil {
		return answer{}, err
	}
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	to, err := f.label(l.Label, "name", "new_name")
	if err != nil {
		return answer{}, err
	}
	if err := c.editLabel(c.rp, l, to); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.label(c.rp, l)}, nil
}

// label reads a label on top of what it was; the name is under the last of the
// keys that is there.
func (f fields) label(l Label, nameKeys ...string) (Label, error) {
	for key, to := range map[string]*string{"color": &l.Color, "description": &l.Description} {
		s, err := f.text(key)
		if err != nil {
			return l, err
		}
		if s != nil {
			*to = *s
		}
	}
	for _, key := range nameKeys {
		s, err := f.text(key)
		if err != nil {
			return l, err
		}
		if s != nil {
			l.Name = *s
		}
	}
	return l, nil
}

func deleteLabel(c *call) (answer, error) {
	return answer{status: http.StatusNoContent}, c.deleteLabel(c.rp, c.args[0])
}

func issueLabels(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	list, link := page(c, is.state.labels)
	return answer{status: http.StatusOK, body: c.labels(c.rp, list), link: link}, nil
}

func addIssueLabels(c *call) (answer, error) { return c.labelling(act.addLabels) }

func setIssueLabels(c *call) (answer, error) { return c.labelling(act.setLabels) }

// labelling answers with the labels that the issue has afterwards.
func (c *call) labelling(do func(act, *issue, []string) error) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	names, err := c.labelNames()
	if err == nil {
		err = do(c.act, is, names)
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.labels(c.rp, is.state.labels)}, nil
}

func clearIssueLabels(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.setLabels(is, nil)
}

func removeIssueLabel(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	if err := c.removeLabel(is, c.args[1]); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.labels(c.rp, is.state.labels)}, nil
}
