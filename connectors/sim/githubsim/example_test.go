package githubsim_test

import (
	"fmt"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// Months of history are seeded by the people who made it; hub.Handler() serves them
// to clients.
func Example() {
	clock := sim.NewManual(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	hub := githubsim.New(githubsim.Options{Clock: clock})
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	check(hub.AddUser(githubsim.User{Login: "ana", Token: "secret", Push: true}))
	check(hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments", NoLabels: true}))

	may := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	is, err := hub.CreateIssue("ana", "acme/payments", githubsim.NewIssue{Title: "Refunds are slow", Created: may})
	check(err)
	check(hub.At(may.AddDate(0, 0, 3)).AddLabels("ana", is.Repo, is.Number, "status:in-progress"))
	check(hub.At(may.AddDate(0, 0, 9)).SetState("ana", is.Repo, is.Number, "closed", "completed"))

	fmt.Println(is.URL)
	events, err := hub.Events(is.Repo, is.Number)
	check(err)
	for _, e := range events {
		fmt.Println(e.At.Format(time.DateOnly), e.Actor, e.Kind, e.Label+e.Reason)
	}
	// Output:
	// https://github.com/acme/payments/issues/1
	// 2026-05-07 ana labeled status:in-progress
	// 2026-05-13 ana closed completed
}
