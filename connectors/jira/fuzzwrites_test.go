package jira

import (
	"context"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/hostile"
)

func FuzzEdited(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("PUT", "/issue/10012"), func(ctx context.Context, c *Client) (any, error) {
		return c.Send(ctx, connectors.Write{Issue: ops12, Title: "New", Op: "op-1"})
	}, issueJSON(10012, ""), ""))
}

func FuzzTransitioned(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/transitions"), func(ctx context.Context, c *Client) (any, error) {
		return c.Send(ctx, connectors.Write{Issue: ops12, Transition: "11", Op: "op-1"})
	}, "", `{"errorMessages":[],"errors":{"resolution":"Resolution is required."}}`))
}

func FuzzCreateTypes(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/issuetypes"), askCreate,
		`{"issueTypes":[{"id":"1","name":"Task","subtask":false}],"startAt":0,"total":1}`, `{"values":[{"id":"1","name":"Task"}],"total":9}`))
}

func FuzzCreateFields(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("GET", "/issuetypes/1"), askCreate,
		`{"fields":[{"fieldId":"summary","key":"summary","name":"Summary","required":true,"schema":{"type":"string"}}],"total":1}`,
		`{"values":[{"key":"priority","required":true,"hasDefaultValue":true,"allowedValues":[{"id":"1","name":"High"}]}],"isLast":true}`))
}

func FuzzCreated(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/issue"), askCreate, `{"id":"10012","key":"OPS-12","self":"https://jira.test/rest/api/3/issue/10012"}`))
}

func askCreate(ctx context.Context, c *Client) (any, error) {
	return c.Create(ctx, connectors.Draft{Container: "OPS", Title: "New", Body: "text", Marker: "m1", Op: "op-1"})
}

func FuzzMarkSearch(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/search/jql"), askCreated,
		`{"issues":[`+issueJSON(10012, `,"properties":{"parley.link":{"mark":"m"}}`)+`],"isLast":true}`, `{"issues":[],"nextPageToken":"t"}`))
}

func FuzzMarkProbe(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/issue/bulkfetch"), askCreated,
		`{"issues":[`+issueJSON(10012, "")+`],"issueErrors":[]}`, `{"issues":[{"key":"OPS-99999999999"}]}`))
}

func askCreated(ctx context.Context, c *Client) (any, error) {
	return c.Created(ctx, connectors.Search{Container: "OPS", Since: hostile.Now().Add(-time.Hour), After: "OPS-0"})
}

func FuzzServerMark(f *testing.F) {
	hostile.Fuzz(f, asking(true, hostile.Path("GET", "/properties/parley.link"), askChanges, `{"key":"parley.link","value":{"mark":"m"}}`))
}

func FuzzCount(f *testing.F) {
	hostile.Fuzz(f, asking(false, hostile.Path("POST", "/approximate-count"), func(ctx context.Context, c *Client) (any, error) { return c.Count(ctx, "") }, `{"count":7}`))
}
