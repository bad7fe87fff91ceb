package inspect_test

import (
	"testing"

	"pipe/pipeline/testbrowser"
)

func TestMain(m *testing.M) { testbrowser.Main(m) }
