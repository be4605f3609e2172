package secrecy

import (
	"os"
	"testing"

	"parley/sync/store/storetest/pgtest"
)

// server is shared by the tests of this program; TestMain ends it.
var server pgtest.Server

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }
