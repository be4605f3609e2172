// Package clients drives the simulators with clients that other people wrote for the real
// trackers: jira.js and @octokit/rest. The test needs Node and npm; what it installs is
// pinned in npm/package-lock.json and kept in the user's cache.
package clients
