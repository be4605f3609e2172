package official

import (
	"bytes"
	"net/http"
	"strings"
)

// exceptions is the table of docs/CONFORMANCE.md.
var exceptions = []Exception{
	{
		ID: "jira-times", Products: anyJira, part: requestText, text: replace(`"date-time"`, `"moment"`),
		What: "Times are not held to RFC 3339.",
		Why:  "Jira writes zones without a colon (+0000), whatever the document says.",
	},
	{
		ID: "jira-members", Products: anyJira, part: answerText, text: replace(`"additionalProperties":false`, `"additionalProperties":true`),
		What: "Answers may have members that the document does not name.",
		Why:  "The document closes its objects; Jira answers with more, such as isLast.",
	},
	{
		ID: "jira-nulls", Products: anyJira, part: body, text: withoutNulls,
		What: "Members that are null are left out before judging.",
		Why:  "The document knows no null; Jira sends and takes it wherever a field is empty.",
	},
	{
		ID: "jira-empty", Products: anyJira, part: answer, applies: empty,
		What: "An empty answer is not judged.",
		Why:  "The document gives even a 204 a type of content.",
	},
	{
		ID: "jira-serverinfo", Products: anyJira, part: answer, applies: on("GET", "/rest/api/*/serverInfo"),
		What: "The answer of GET serverInfo is not judged.",
		Why:  "The document calls the server's zone an object; Jira names it by a text.",
	},
	{
		ID: "jira-remotelink", Products: anyJira, part: answer, applies: on("GET", "/rest/api/*/issue/{issueIdOrKey}/remotelink"),
		What: "The list of remote links is not judged.",
		Why:  "The document calls it one link; its own example is a list, and so is the answer.",
	},
	{
		ID: "github-app", Products: anyGitHub, part: undescribed, applies: on("GET", "*/app"),
		What: "GET /app is not judged.",
		Why:  "The extract of the document has no operations for Apps but the making of tokens.",
	},
	{
		ID: "refusals", Products: everywhere, part: answer, applies: func(x exchange) bool { return x.status >= http.StatusBadRequest && !x.named },
		What: "A refusal with a status that the document does not name for the operation is not judged.",
		Why:  "Any operation can be refused for sign-in, permission, limits or an outage; the documents name that with some operations only.",
	},
	{
		ID: "ghes-login", Products: []Product{GitHubEnterprise}, part: answer, applies: func(x exchange) bool { return x.status == http.StatusFound },
		What: "A redirect to the page for signing in is not judged.",
		Why:  "Enterprise Server has pages for people where GitHub.com has its REST interface.",
	},
	{
		ID: "jira-tenant", Products: []Product{JiraCloud}, part: undescribed, applies: on("GET", "/_edge/tenant_info"),
		What: "GET /_edge/tenant_info is not judged.",
		Why:  "Atlassian documents it in its help pages only; it tells the id of the site for api.atlassian.com.",
	},
	{
		ID: "jira-front-door", Products: anyJira, part: answer, applies: func(x exchange) bool {
			return x.status >= http.StatusBadRequest && !strings.HasPrefix(x.header.Get("Content-Type"), "application/json")
		},
		What: "A refusal as text, HTML or problem+json is not judged.",
		Why:  "What stands before Jira refuses in forms of its own; the document knows JSON alone.",
	},
	{
		ID: "jira-bulk-times", Products: []Product{JiraCloud}, part: body, applies: on("POST", "/rest/api/*/changelog/bulkfetch"), text: quotedTimes,
		What: "Times that are numbers in changelog/bulkfetch are judged as texts.",
		Why:  "The document says text; Jira Cloud answers milliseconds since 1970 as a number.",
	},
	{
		ID: "jira-write-only", Products: anyJira, part: answerText, text: replace(`"writeOnly":true`, `"writeOnly":false`),
		What: "Members that the document calls write-only may be answered.",
		Why:  "It calls isDefault of a priority scheme so, and has it in its own example of an answer.",
	},
	{
		ID: "dc-own-paths", Products: []Product{JiraDataCenter}, part: undescribed, applies: on("GET", "/rest/api/2/project/*/priorityscheme"),
		What: "GET project/{key}/priorityscheme is not judged.",
		Why:  "Data Center publishes no OpenAPI document; Cloud's has no such operation.",
	},
	{
		ID: "github-extract", Products: anyGitHub, part: undescribed, applies: either(on("GET", "*/users/*"), on("GET", "*/user/*"), on("GET", "*/collaborators/*/permission"), on("GET", "*/assignees/*"), on("GET", "/")),
		What: "GET /, /user/{id}, /users/{login}, assignees/{login} and collaborators/{login}/permission are not judged.",
		Why:  "The extract of the document leaves them out.",
	},
	{
		ID: "github-search-body", Products: anyGitHub, part: body, applies: on("GET", "*/search/issues"), text: replace(`"body":null`, `"body":""`),
		What: "An issue that a search finds may have null for a body.",
		Why:  "Issues have so everywhere else in the document, and GitHub answers so.",
	},
	{
		ID: "github-ghosts", Products: anyGitHub, part: answer, applies: func(x exchange) bool {
			return strings.HasSuffix(x.path, "/events") && bytes.Contains(x.answered, []byte(`"actor":null`))
		},
		What: "Lists of events with one by a deleted account are not judged.",
		Why:  "The document wants an actor; GitHub has null for an account that is gone.",
	},
	{
		ID: "github-newer", Products: anyGitHub, part: answer, applies: func(x exchange) bool { return x.request.Header.Get("X-GitHub-Api-Version") > "2022-11-28" },
		What: "Answers of a later version than 2022-11-28 are not judged.",
		Why:  "The document is that of 2022-11-28; later versions leave out assignee.",
	},
	{
		ID: "github-graphql", Products: anyGitHub, part: undescribed, applies: on("POST", "*/graphql"),
		What: "GraphQL is not judged.",
		Why:  "GitHub describes it by a schema of its own and not in the document.",
	},
}
