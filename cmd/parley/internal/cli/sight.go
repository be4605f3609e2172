package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/sync/view"
)

// eyes is what the commands that look as an audience say of it.
const eyes = `What it prints is what that audience reads on the board by the same configuration: of restricted cards as much as who signs in may read by [visibility], and with server.auth = "none", where nobody signs in, no words. Who comes by a link of parley share reads no words of restricted cards either way.`

// sight opens the store and gives the eyes of an audience. Every command that shows what
// somebody sees looks through these; the others look through those of app.Sight.
func (s *session) sight(ctx context.Context, as string) (*app.App, *view.Sight, error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return nil, nil, err
	}
	audience, err := audienceOf(a, as)
	if err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	return a, a.SightAs(audience), nil
}

// audienceOf is an audience of the board by its name, in any case.
func audienceOf(a *app.App, name string) (view.Audience, error) {
	var names []string
	for _, of := range a.Config.Audiences() {
		if strings.EqualFold(string(of), name) {
			return of, nil
		}
		names = append(names, string(of))
	}
	return "", misused{fmt.Sprintf("there is no audience %.60q; there are %s", name, strings.Join(names, ", "))}
}
