// SPDX-License-Identifier: Apache-2.0

package appset

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestTheNumberOfObjectsIsExact(t *testing.T) {
	for _, n := range []int{0, 1, 4, 6, 400} {
		paths := map[string]bool{}
		for _, o := range (Spec{Count: n, Namespace: "ns"}).Objects() {
			paths[o.Path] = true
		}
		if len(paths) != n {
			t.Errorf("%d different objects, want %d", len(paths), n)
		}
	}
}

func TestTheFilesHoldTheSameObjects(t *testing.T) {
	s := Spec{Count: 6, Namespace: "ns"}
	dir := t.TempDir()
	if err := s.Write(dir, true); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for _, file := range files { // sorted: the apps, then namespace.yaml
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range strings.Split(string(text), "---\n") {
			got = append(got, parse(t, document))
		}
	}
	var want []any
	for _, o := range append(s.Objects(), s.NamespaceObject()) {
		text, err := yaml.Marshal(o.Body)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, parse(t, string(text)))
	}
	if len(files) != 3 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d files hold\n%v\nwant\n%v", len(files), got, want)
	}
}

func parse(t *testing.T, document string) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(document), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestAnotherRevisionChangesTheConfigMapsAlone(t *testing.T) {
	one, two := Spec{Count: 8, Revision: 1}.Objects(), Spec{Count: 8, Revision: 2}.Objects()
	for i := range one {
		changed := !reflect.DeepEqual(one[i], two[i])
		if changed != (one[i].Body["kind"] == "ConfigMap") {
			t.Errorf("%s: changed %t", one[i].Path, changed)
		}
	}
}
