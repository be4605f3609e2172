package digest

import (
	"fmt"
	"html/template"
	"strings"
)

// page is the digest for readers of mail: no script, no image, nothing that is fetched.
const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="font-family:sans-serif;max-width:44em;line-height:1.4">
<h1 style="font-size:1.2em">{{.Name}} × IT, {{.Period}}</h1>
<p>{{.From}} to {{.To}}</p>
<table cellpadding="6" style="border-collapse:collapse"><tr>{{range .Sides}}<th align="left" width="50%">{{.Name}}</th>{{end}}</tr>
<tr>{{range .Sides}}<td valign="top">{{.Counts}}</td>{{end}}</tr></table>
<p>{{.Slots.Sentence}}</p>
{{range .Sides}}{{if .Promises}}<h2 style="font-size:1em">{{.Name}} promised</h2>
<ul>{{range .Promises}}<li><b>{{.Promise.Words}}</b> ({{.Promise}}): {{.Sentence}}</li>{{end}}{{if .More}}<li>and {{.More}} more</li>{{end}}</ul>
{{end}}{{end}}{{if .AtRisk}}<h2 style="font-size:1em">At risk until three days after this was written</h2>
<ul>{{range .AtRisk}}<li><b>{{.Promise.Words}}</b> ({{.Promise}}): {{.Sentence}}</li>{{end}}</ul>
{{end}}{{if .Terms}}<h2 style="font-size:1em">Terms</h2>
<ul>{{range .Terms}}<li>{{.}}</li>{{end}}</ul>
{{end}}{{if .Unread}}<h2 style="font-size:1em">Not read</h2>
<ul>{{range .Unread}}<li>{{.}}</li>{{end}}</ul>
{{end}}{{if .Page}}<p><a href="{{.Page}}">The contract's page</a></p>
{{end}}<p>{{.Ledger.Sentence}}{{if .Ledger.Problem}} <b>{{.Ledger.Problem}}</b>{{end}}</p>
<p><code>{{.Ledger.Head}}</code></p>
</body></html>
`

// HTML is the digest as a page of its own. Everything that comes from people or trackers
// is text in it.
func (d Digest) HTML() (string, error) {
	t, err := template.New("digest").Parse(page)
	if err != nil {
		return "", fmt.Errorf("read the page of digests: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, d); err != nil {
		return "", fmt.Errorf("write digest %s: %w", d.ID, err)
	}
	return b.String(), nil
}
