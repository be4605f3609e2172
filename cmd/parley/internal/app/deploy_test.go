package app

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// TestDashboardAndAlertsNameMetricsThatExist: a panel over a metric that was renamed is
// empty, and an alert on one never rings.
func TestDashboardAndAlertsNameMetricsThatExist(t *testing.T) {
	t.Parallel()
	a, _ := hooked(t)
	described := make(chan *prometheus.Desc, 100)
	newGauges(a).Describe(described)
	close(described)
	known := map[string]bool{}
	for d := range described {
		known[regexp.MustCompile(`fqName: "([^"]+)"`).FindStringSubmatch(d.String())[1]] = true
	}
	for _, name := range []string{"alerts.yml", "alerts_test.yml", "grafana.json"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		named := regexp.MustCompile(`\bparley_[a-z_]+`).FindAllString(string(text), -1)
		if len(named) == 0 {
			t.Errorf("%s names no metric", name)
		}
		for _, metric := range named {
			if !known[metric] {
				t.Errorf("%s names %s, which is not exported", name, metric)
			}
		}
	}
}
