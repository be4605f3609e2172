// A day's work of jira.js on Jira Cloud: it must not notice that it is a simulator.
import assert from "node:assert/strict";
import { Version2Client, Version3Client } from "jira.js";

const config = {
  host: process.env.TRACKER_URL,
  authentication: { basic: { email: process.env.TRACKER_USER, apiToken: process.env.TRACKER_TOKEN } },
  baseRequestConfig: { headers: { "Content-Type": "application/json" } }, // Cloud answers 415 to a DELETE without
};
const v2 = new Version2Client(config);
const v3 = new Version3Client(config);
const text = (t) => ({ type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: t }] }] });

const info = await v2.serverInfo.getServerInfo();
assert.equal(info.deploymentType, "Cloud");
const me = await v3.myself.getCurrentUser();
assert.ok(me.accountId && me.displayName);
const project = await v3.projects.getProject({ projectIdOrKey: "OPS" });
assert.equal(project.key, "OPS");

// Create.
const keys = [];
for (let n = 1; n <= 5; n++) {
  const made = await v3.issues.createIssue({
    fields: { project: { key: "OPS" }, issuetype: { name: "Task" }, summary: `Work ${n}`, description: text("as *soon* as possible"), labels: ["audit"] },
  });
  assert.match(made.key, /^OPS-\d+$/);
  assert.ok(Number(made.id) > 0 && made.self.includes(made.id));
  keys.push(made.key);
}
await assert.rejects(v3.issues.createIssue({ fields: { project: { key: "OPS" }, issuetype: { name: "Task" } } }), (e) => {
  assert.equal(e.status, 400);
  assert.ok(e.response.data.errors.summary);
  return true;
});

// Search, page by page.
const seen = [];
let nextPageToken;
do {
  const page = await v3.issueSearch.searchForIssuesUsingJqlEnhancedSearchPost({ jql: "project = OPS ORDER BY key ASC", fields: ["summary", "status", "labels"], maxResults: 2, nextPageToken });
  assert.ok(page.issues.length <= 2);
  seen.push(...page.issues.map((i) => i.key));
  nextPageToken = page.nextPageToken;
} while (nextPageToken);
assert.deepEqual(seen, keys);
const got = await v2.issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: 'project = OPS AND labels = "audit"', fields: ["status"], maxResults: 50 });
assert.equal(got.issues.length, 5);
assert.equal(got.issues[0].fields.status.name, "To Do");
const bulk = await v3.issues.bulkFetchIssues({ issueIdsOrKeys: [keys[1], "OPS-999"], fields: ["summary"] });
assert.deepEqual(bulk.issues.map((i) => i.key), [keys[1]]);
await assert.rejects(v3.issueSearch.searchForIssuesUsingJqlEnhancedSearch({ jql: "nonsense ~~ 7" }), (e) => e.status === 400 && e.response.data.errorMessages.length > 0);

// Edit.
const issueIdOrKey = keys[0];
const meta = await v3.issues.getEditIssueMeta({ issueIdOrKey });
assert.ok(meta.fields.summary.operations.includes("set") && meta.fields.priority.allowedValues.length === 5);
await v3.issues.editIssue({ issueIdOrKey, fields: { summary: "Pay faster", priority: { id: "1" }, duedate: "2026-12-24" }, update: { labels: [{ add: "x" }, { remove: "audit" }] } });
await v3.issues.assignIssue({ issueIdOrKey, accountId: me.accountId });
let issue = await v3.issues.getIssue({ issueIdOrKey, expand: "changelog" });
assert.equal(issue.fields.summary, "Pay faster");
assert.equal(issue.fields.priority.name, "Highest");
assert.deepEqual(issue.fields.labels, ["x"]);
assert.equal(issue.fields.assignee.accountId, me.accountId);
assert.equal(issue.fields.description.type, "doc");
assert.ok(issue.changelog.histories.length >= 2);
issue = await v2.issues.getIssue({ issueIdOrKey, fields: ["description"] });
assert.equal(typeof issue.fields.description, "string");

// Transition.
const offered = await v3.issues.getTransitions({ issueIdOrKey });
const start = offered.transitions.find((t) => t.to.name === "In Progress");
await v3.issues.doTransition({ issueIdOrKey, transition: { id: start.id } });
issue = await v3.issues.getIssue({ issueIdOrKey, fields: ["status"] });
assert.equal(issue.fields.status.statusCategory.key, "indeterminate");
await assert.rejects(v3.issues.doTransition({ issueIdOrKey, transition: { id: "9999" } }), (e) => e.status === 400);
const log = await v3.issues.getChangeLogs({ issueIdOrKey, maxResults: 2 });
assert.ok(log.total >= 3 && log.values.length === 2 && !log.isLast);
assert.ok(log.values.every((h) => h.author.accountId === me.accountId && h.items.length > 0));
const logs = await v3.issues.getBulkChangelogs({ issueIdsOrKeys: [issueIdOrKey] });
assert.ok(logs.issueChangeLogs[0].changeHistories.length >= 3);

// Comments.
const comment = await v3.issueComments.addComment({ issueIdOrKey, comment: text("hello") });
assert.equal(comment.author.accountId, me.accountId);
await v3.issueComments.updateComment({ issueIdOrKey, id: comment.id, body: text("hello again") });
const comments = await v2.issueComments.getComments({ issueIdOrKey });
assert.equal(comments.total, 1);
assert.equal(comments.comments[0].body, "hello again");
await v3.issueComments.deleteComment({ issueIdOrKey, id: comment.id });
assert.equal((await v3.issueComments.getComments({ issueIdOrKey })).total, 0);

// Properties.
await v3.issueProperties.setIssueProperty({ issueIdOrKey, propertyKey: "mark", propertyValue: { of: "a test" } });
assert.deepEqual((await v3.issueProperties.getIssueProperty({ issueIdOrKey, propertyKey: "mark" })).value, { of: "a test" });
assert.deepEqual((await v3.issueProperties.getIssuePropertyKeys({ issueIdOrKey })).keys.map((k) => k.key), ["mark"]);
await v3.issueProperties.deleteIssueProperty({ issueIdOrKey, propertyKey: "mark" });
await assert.rejects(v3.issueProperties.getIssueProperty({ issueIdOrKey, propertyKey: "mark" }), (e) => e.status === 404);

// Remote links.
const link = { issueIdOrKey, globalId: "g1", object: { url: "https://github.example/o/r/issues/1", title: "o/r#1" } };
const first = await v3.issueRemoteLinks.createOrUpdateRemoteIssueLink(link);
const second = await v3.issueRemoteLinks.createOrUpdateRemoteIssueLink({ ...link, object: { ...link.object, title: "o/r#1: Pay" } });
assert.equal(first.id, second.id);
const links = await v3.issueRemoteLinks.getRemoteIssueLinks({ issueIdOrKey });
assert.deepEqual(links.map((l) => l.object.title), ["o/r#1: Pay"]);
await v3.issueRemoteLinks.deleteRemoteIssueLinkByGlobalId({ issueIdOrKey, globalId: "g1" });

// What a directory holds.
assert.equal((await v3.issuePriorities.searchPriorities()).values.length, 5);
assert.ok((await v3.workflowStatuses.getStatuses()).length >= 5);
assert.ok((await v3.issueFields.getFields()).some((f) => f.id === "summary"));
assert.equal((await v3.jql.matchIssues?.({ issueIds: [1], jqls: ["project = OPS"] }))?.matches?.length ?? 1, 1);

// Nobody.
const nobody = new Version3Client({ host: config.host, authentication: { basic: { email: "nobody@x.example", apiToken: "wrong" } } });
await assert.rejects(nobody.myself.getCurrentUser(), (e) => e.status === 401);
await assert.rejects(v3.issues.getIssue({ issueIdOrKey: "OPS-999" }), (e) => e.status === 404);
console.log("done");
