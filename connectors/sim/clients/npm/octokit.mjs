// A day's work of @octokit/rest on GitHub: it must not notice that it is a simulator.
import assert from "node:assert/strict";
import { Octokit } from "@octokit/rest";

const octokit = new Octokit({ baseUrl: process.env.TRACKER_URL, auth: process.env.TRACKER_TOKEN, log: { debug() {}, info() {}, warn() {}, error() {} } });
const at = { owner: "acme", repo: "payments" };
const fails = (promise, status, check = () => true) => assert.rejects(promise, (e) => {
  assert.equal(e.name, "HttpError");
  assert.equal(e.status, status);
  assert.ok(e.response.data.message && e.response.data.documentation_url);
  return check(e);
});

const me = (await octokit.users.getAuthenticated()).data;
assert.equal(me.login, "ana");
const { data: repo } = await octokit.repos.get(at);
assert.ok(repo.permissions.push);

// Issues.
for (let n = 1; n <= 7; n++) {
  const made = await octokit.issues.create({ ...at, title: `Work ${n}`, body: "as soon as possible", labels: ["bug"] });
  assert.equal(made.status, 201);
  assert.equal(made.data.number, n);
}
const all = await octokit.paginate(octokit.issues.listForRepo, { ...at, state: "all", per_page: 2, sort: "created", direction: "asc" });
assert.deepEqual(all.map((i) => i.number), [1, 2, 3, 4, 5, 6, 7]);
const pages = [];
for await (const { data, headers } of octokit.paginate.iterator(octokit.issues.listForRepo, { ...at, per_page: 3 })) {
  pages.push(data.length);
  assert.ok(pages.length === 3 || headers.link.includes('rel="next"'));
}
assert.deepEqual(pages, [3, 3, 1]);
const issue = { ...at, issue_number: 1 };
const closed = (await octokit.issues.update({ ...issue, title: "Pay faster", state: "closed", state_reason: "not_planned" })).data;
assert.equal(closed.state_reason, "not_planned");
assert.equal(closed.closed_by.login, me.login);
assert.equal((await octokit.issues.listForRepo(at)).data.length, 6);
await octokit.issues.update({ ...issue, state: "open" });
await fails(octokit.issues.update({ ...issue, title: " " }), 422, (e) => e.response.data.errors[0].field === "title");
await fails(octokit.issues.get({ ...at, issue_number: 99 }), 404);

// Labels.
await octokit.issues.createLabel({ ...at, name: "status: in progress/50%", color: "ffffff" });
await fails(octokit.issues.createLabel({ ...at, name: "bug", color: "ffffff" }), 422, (e) => e.response.data.errors[0].code === "already_exists");
const labels = (await octokit.issues.addLabels({ ...issue, labels: ["status: in progress/50%"] })).data;
assert.deepEqual(labels.map((l) => l.name).sort(), ["bug", "status: in progress/50%"]);
await octokit.issues.removeLabel({ ...issue, name: "status: in progress/50%" });
await fails(octokit.issues.removeLabel({ ...issue, name: "wontfix" }), 404);
assert.deepEqual((await octokit.issues.setLabels({ ...issue, labels: ["x", "y"] })).data.map((l) => l.name).sort(), ["x", "y"]);
assert.ok((await octokit.paginate(octokit.issues.listLabelsForRepo, { ...at, per_page: 5 })).some((l) => l.name === "x"));

// People.
assert.deepEqual((await octokit.issues.addAssignees({ ...issue, assignees: ["ana"] })).data.assignees.map((a) => a.login), ["ana"]);
assert.equal((await octokit.issues.checkUserCanBeAssigned({ ...at, assignee: "ana" })).status, 204);
assert.deepEqual((await octokit.issues.removeAssignees({ ...issue, assignees: ["ana"] })).data.assignees, []);

// Comments.
const comment = (await octokit.issues.createComment({ ...issue, body: "hello" })).data;
assert.equal((await octokit.issues.updateComment({ ...at, comment_id: comment.id, body: "hello again" })).data.body, "hello again");
assert.equal((await octokit.issues.listComments(issue)).data.length, 1);
assert.equal((await octokit.issues.deleteComment({ ...at, comment_id: comment.id })).status, 204);

// History.
const events = await octokit.paginate(octokit.issues.listEvents, { ...issue, per_page: 2 });
for (const kind of ["closed", "reopened", "labeled", "unlabeled", "renamed", "assigned", "unassigned"]) {
  assert.ok(events.some((e) => e.event === kind && e.actor.login === me.login), kind);
}
assert.ok((await octokit.issues.listEventsForRepo({ ...at, per_page: 100 })).data.every((e) => e.issue.number > 0));
assert.ok((await octokit.issues.listEventsForTimeline({ ...issue, per_page: 100 })).data.length >= events.length - 1);

// Conditional requests: what did not change costs nothing.
const list = await octokit.issues.listForRepo({ ...at, state: "all" });
const left = async () => (await octokit.rateLimit.get()).data.resources.core.remaining;
const before = await left();
await assert.rejects(octokit.issues.listForRepo({ ...at, state: "all", headers: { "if-none-match": list.headers.etag } }), (e) => e.status === 304);
assert.equal(await left(), before);
await octokit.issues.update({ ...issue, title: "Pay faster still" });
assert.equal((await octokit.issues.listForRepo({ ...at, state: "all", headers: { "if-none-match": list.headers.etag } })).status, 200);

// Limits are told with every answer.
const { headers } = await octokit.issues.get(issue);
assert.ok(Number(headers["x-ratelimit-limit"]) >= 5000);
assert.ok(Number(headers["x-ratelimit-remaining"]) < Number(headers["x-ratelimit-limit"]));
assert.ok(Number(headers["x-ratelimit-reset"]) * 1000 > Date.now() - 1000);
assert.equal(headers["x-ratelimit-resource"], "core");

// Search, and who may not.
assert.equal((await octokit.search.issuesAndPullRequests({ q: "repo:acme/payments is:issue label:bug", advanced_search: "true" })).data.total_count, 6);
const nobody = new Octokit({ baseUrl: process.env.TRACKER_URL, auth: "wrong", log: { debug() {}, info() {}, warn() {}, error() {} } });
await fails(nobody.users.getAuthenticated(), 401);
const reader = new Octokit({ baseUrl: process.env.TRACKER_URL, auth: process.env.READER_TOKEN, log: { debug() {}, info() {}, warn() {}, error() {} } });
await fails(reader.issues.addLabels({ ...issue, labels: ["z"] }), 403);
console.log("done");
