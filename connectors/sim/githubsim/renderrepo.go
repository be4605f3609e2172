package githubsim

import "strings"

// repository renders a repository as its own endpoint shows it. GitHub's object
// has a hundred keys, most of them addresses made by one rule.
func (c *call) repository(rp *repo) map[string]any {
	api, html, open := c.repoURL(rp), c.w.opts.HTMLURL+"/"+rp.full(), rp.openIssues()
	host := strings.TrimPrefix(strings.TrimPrefix(c.w.opts.HTMLURL, "https://"), "http://")
	visibility := "public"
	if rp.private {
		visibility = "private"
	}
	j := map[string]any{
		"id": rp.id, "node_id": nodeID("R", rp.id), "name": rp.name, "full_name": rp.full(), "private": rp.private,
		"owner": c.person(rp.owner), "html_url": html, "description": orNull(rp.about), "fork": false, "url": api,
		"created_at": stamp(rp.created), "updated_at": stamp(rp.updated), "pushed_at": stamp(rp.created),
		"git_url": "git://" + host + "/" + rp.full() + ".git", "ssh_url": "git@" + host + ":" + rp.full() + ".git",
		"clone_url": html + ".git", "svn_url": html, "homepage": nil, "size": 0, "language": nil,
		"has_issues": !rp.noIssues, "has_projects": true, "has_downloads": true, "has_wiki": true, "has_pages": false,
		"has_discussions": false, "mirror_url": nil, "archived": rp.archived, "disabled": false, "license": nil,
		"open_issues": open, "open_issues_count": open, "allow_forking": true, "is_template": false,
		"web_commit_signoff_required": false, "topics": []string{}, "visibility": visibility, "default_branch": "main",
	}
	for _, k := range []string{"stargazers_count", "watchers_count", "forks_count", "forks", "watchers", "network_count", "subscribers_count"} {
		j[k] = 0
	}
	for key, path := range repoURLs() {
		j[key] = api + path
	}
	if rp.owner.Type == "Organization" {
		j["organization"] = c.person(rp.owner)
	}
	if c.user != nil {
		p := rp.permission(c.user)
		if c.with != nil && c.with.of != nil {
			p = None // the roles of people; what an installation may do stands in its token
		}
		j["permissions"] = map[string]bool{"admin": p.atLeast(Admin), "maintain": p.atLeast(Maintain), "push": p.atLeast(Write),
			"triage": p.atLeast(Triage), "pull": p.atLeast(Read)}
	}
	return j
}

func (rp *repo) openIssues() int {
	n := 0
	for _, is := range rp.issues {
		if is.state.closed.IsZero() {
			n++
		}
	}
	return n
}

// repoURLs are the addresses below a repository by their key.
func repoURLs() map[string]string {
	return map[string]string{
		"archive_url": "/{archive_format}{/ref}", "assignees_url": "/assignees{/user}", "blobs_url": "/git/blobs{/sha}",
		"branches_url": "/branches{/branch}", "collaborators_url": "/collaborators{/collaborator}",
		"comments_url": "/comments{/number}", "commits_url": "/commits{/sha}", "compare_url": "/compare/{base}...{head}",
		"contents_url": "/contents/{+path}", "contributors_url": "/contributors", "deployments_url": "/deployments",
		"downloads_url": "/downloads", "events_url": "/events", "forks_url": "/forks", "git_commits_url": "/git/commits{/sha}",
		"git_refs_url": "/git/refs{/sha}", "git_tags_url": "/git/tags{/sha}", "hooks_url": "/hooks",
		"issue_comment_url": "/issues/comments{/number}", "issue_events_url": "/issues/events{/number}",
		"issues_url": "/issues{/number}", "keys_url": "/keys{/key_id}", "labels_url": "/labels{/name}",
		"languages_url": "/languages", "merges_url": "/merges", "milestones_url": "/milestones{/number}",
		"notifications_url": "/notifications{?since,all,participating}", "pulls_url": "/pulls{/number}",
		"releases_url": "/releases{/id}", "stargazers_url": "/stargazers", "statuses_url": "/statuses/{sha}",
		"subscribers_url": "/subscribers", "subscription_url": "/subscription", "tags_url": "/tags", "teams_url": "/teams",
		"trees_url": "/git/trees{/sha}",
	}
}
