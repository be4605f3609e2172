// Package official holds exchanges with a tracker to the OpenAPI documents that its maker
// publishes: what was asked, and what was answered. Where the documents say less or
// something else than the trackers do, Exceptions says so, with the reason.
//
// The documents are not part of this repository. They are looked for in the folder that
// PARLEY_DATA names; without it nothing is judged.
package official
