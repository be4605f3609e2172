// Package githubsim is a simulated GitHub: repositories, people, issues with
// their labels, events and comments, and the REST face of api.github.com on top.
// It is strict: what GitHub refuses it refuses, with GitHub's status and body, and
// what GitHub does silently it does silently.
//
// State and HTTP are apart. A [Hub] can be driven without any HTTP by the
// people's actions ([Hub.CreateIssue], [Hub.AddLabels], …); they and the HTTP
// handlers go through the same rules, so that there is one world to keep true.
// [Hub.At] gives the same hub with its clock held at another moment, which is how
// months of history are seeded.
//
// A refusal, by either way, is a [*Refusal].
package githubsim
