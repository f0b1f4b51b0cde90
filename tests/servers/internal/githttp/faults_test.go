// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAPackThatIsCutShortOrDamagedFailsOnceAndThenArrives(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	for _, kind := range []string{"cut", "truncate", "corrupt"} {
		for _, base := range []string{f.Addresses.HTTP, f.Addresses.HTTPS} {
			// The first POST lists the refs, the second brings the pack.
			f.setFaults(`[{"kind":"` + kind + `","match":"/x.git/git-upload-pack","skip":1,"times":1,"after_bytes":100000}]`)
			f.mustNotClone(base + "/x.git")
			f.mustClone(base + "/x.git")
		}
	}
}

func TestACutDeliversExactlyWhatComesBeforeIt(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	for _, base := range []string{f.Addresses.HTTP, f.Addresses.HTTPS} {
		f.setFaults(`[{"kind":"cut","after_bytes":40}]`)
		_, text, err := f.lsRefs(f.client(), base, lsRefsBody())
		if err == nil || len(text) > 40 || base == f.Addresses.HTTP && len(text) < 40 {
			t.Errorf("%s: %q, %v", base, text, err)
		}
		f.setFaults(`[{"kind":"truncate","after_bytes":40}]`)
		_, text, err = f.lsRefs(f.client(), base, lsRefsBody())
		if err != nil || len(text) != 40 {
			t.Errorf("%s: %q, %v", base, text, err)
		}
		f.setFaults(`[{"kind":"cut"}]`)
		if answer, _, err := f.lsRefs(f.client(), base, lsRefsBody()); err == nil {
			t.Errorf("%s: answered %s", base, answer.Status)
		}
	}
	f.setFaults(`[{"kind":"cut","reset":true}]`)
	if _, _, err := f.lsRefs(f.client(), f.Addresses.HTTP, lsRefsBody()); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v", err)
	}
}

func TestAStallSaysNothingUntilItIsLifted(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	for _, base := range []string{f.Addresses.HTTP, f.Addresses.HTTPS} {
		for _, rule := range []string{`[{"kind":"stall"}]`, `[{"kind":"stall","after_bytes":30}]`, `[{"kind":"mute"}]`} {
			f.setFaults(rule)
			hasty := f.client()
			hasty.Timeout = 200 * time.Millisecond
			if _, _, err := f.lsRefs(hasty, base, lsRefsBody()); !isTimeout(err) {
				t.Errorf("%s, %s: %v", base, rule, err)
			}
			result := make(chan error, 1)
			go func() {
				_, _, err := f.lsRefs(f.client(), base, lsRefsBody())
				result <- err
			}()
			time.Sleep(50 * time.Millisecond) // any moment will do
			f.tell("DELETE", "/faults", "")
			if err := <-result; isTimeout(err) {
				t.Errorf("%s, %s: held up beyond its end: %v", base, rule, err)
			}
		}
	}
	f.mustClone(f.Addresses.HTTP + "/x.git")
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, os.ErrDeadlineExceeded)
}

func TestAStallEndsWithItsClient(t *testing.T) {
	f := start(t, Options{})
	f.setFaults(`[{"kind":"stall"}]`)
	hasty := f.client()
	hasty.Timeout = 100 * time.Millisecond
	if _, _, err := f.lsRefs(hasty, f.Addresses.HTTP, lsRefsBody()); !isTimeout(err) {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); f.totals().Open > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the connection is still open")
		}
	}
}

func TestASlowAnswerTakesItsTime(t *testing.T) {
	f := start(t, Options{})
	f.setFaults(`[{"kind":"slow","bytes_per_second":200}]`)
	began := time.Now()
	_, text, err := f.lsRefs(f.client(), f.Addresses.HTTP, lsRefsBody()) // 65 bytes
	if took := time.Since(began); err != nil || len(text) != 65 || took < 320*time.Millisecond {
		t.Errorf("%d bytes in %v: %v", len(text), took, err)
	}
}

func TestAnyStatusCanBeAnswered(t *testing.T) {
	f := start(t, Options{})
	for _, code := range []string{"401", "403", "404", "429", "500", "503"} {
		f.setFaults(`[{"kind":"status","code":` + code + `,"retry_after":"7","body":"no","content_type":"text/html"}]`)
		answer, text, err := f.lsRefs(f.client(), f.Addresses.HTTP, lsRefsBody())
		if err != nil {
			t.Fatal(err)
		}
		h := answer.Header
		if !strings.HasPrefix(answer.Status, code) || text != "no" || h.Get("Retry-After") != "7" ||
			h.Get("Content-Type") != "text/html" || (code == "401") != (h.Get("WWW-Authenticate") != "") {
			t.Errorf("%s: %s %q %v", code, answer.Status, text, h)
		}
	}
}

func TestARedirectIsFollowedByGit(t *testing.T) {
	f := start(t, Options{})
	f.setFaults(`[{"kind":"redirect","match":"/old.git","to":"/x.git","code":301}]`)
	f.mustClone(f.Addresses.HTTP + "/old.git")
	f.setFaults(`[{"kind":"redirect","match":"/old.git","to":"` + f.Addresses.HTTPS + `/x.git"}]`)
	answer, err := f.client().Get(f.Addresses.HTTP + "/old.git/info/refs?service=git-upload-pack")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	want := f.Addresses.HTTPS + "/x.git/info/refs?service=git-upload-pack"
	if answer.StatusCode != http.StatusFound || answer.Header.Get("Location") != want {
		t.Errorf("%s to %s", answer.Status, answer.Header.Get("Location"))
	}
}

func TestAServerThatKnowsOnlyVersion0(t *testing.T) {
	f := start(t, Options{})
	advertisement := func() string {
		r, err := http.NewRequest("GET", f.Addresses.HTTP+"/x.git/info/refs?service=git-upload-pack", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Git-Protocol", "version=2")
		answer, err := f.client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if !strings.Contains(advertisement(), "version 2") {
		t.Error("version 2 is not spoken")
	}
	f.setFaults(`[{"kind":"v0"}]`)
	if text := advertisement(); strings.Contains(text, "version 2") || !strings.Contains(text, "refs/heads/main") {
		t.Errorf("%q", text)
	}
	f.mustClone(f.Addresses.HTTP + "/x.git")
	if asked := f.totals().Log[1].GitProtocol; asked != "version=2" {
		t.Errorf("the log says %q of what was asked for", asked)
	}
}

func TestConnectionsCanBeDropped(t *testing.T) {
	f := start(t, Options{})
	for _, base := range []string{f.Addresses.HTTP, f.Addresses.HTTPS} {
		f.setFaults(`[{"kind":"drop"}]`)
		if _, _, err := f.lsRefs(f.client(), base, lsRefsBody()); err == nil || isTimeout(err) {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestNonsenseIsRefusedAndChangesNothing(t *testing.T) {
	f := start(t, Options{})
	f.setFaults(`[{"kind":"v0"}]`)
	for path, body := range map[string]string{"/faults": `[{"kind":"?"}]`, "/auth": `[]`} {
		if status := f.tell("PUT", path, body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
	if rules := f.faults.Rules(); len(rules) != 1 {
		t.Errorf("%+v", rules)
	}
}
