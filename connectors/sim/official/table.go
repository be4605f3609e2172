package official

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
}
