package github

import "context"

// Count tells how many issues a first read of a repository will bring at most: the
// highest number given so far, which pull requests and deleted issues count towards.
// It is one request and good for showing progress only.
func (c *Client) Count(ctx context.Context, source string) (int, error) {
	if c.Beside(source) {
		return 0, nil
	}
	q := get("count the issues of "+source, "repos/"+source+"/issues?state=all&sort=created&direction=desc&per_page=1")
	if err := checkRepo(source); err != nil {
		return 0, err
	}
	a, err := c.do(ctx, q)
	if err != nil {
		return 0, err
	}
	var newest []issueJSON
	if err := c.decode(q, a, &newest); err != nil || len(newest) == 0 {
		return 0, err
	}
	return newest[0].GetNumber(), nil
}
