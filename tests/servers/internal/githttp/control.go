// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"encoding/json"
	"io"
	"net/http"

	"primocane.dev/tests/servers/internal/fault"
)

// A control request's body may have at most this many bytes.
const controlMax = 1 << 20

// control is what tests talk to while the server runs:
//
//	GET /stats     Totals            DELETE /stats    sets them to zero
//	GET /faults    array of Rule     PUT /faults      replaces them    DELETE /faults   removes them
//	PUT /auth      Credentials
//
// A change is in force when its answer, 204, has come. What is malformed is refused with 400.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		sendJSON(w, s.stats.snapshot())
	})
	mux.HandleFunc("DELETE /stats", func(w http.ResponseWriter, _ *http.Request) {
		s.stats.reset()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		sendJSON(w, s.faults.Rules())
	})
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.faults.Replace(nil)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PUT /faults", func(w http.ResponseWriter, r *http.Request) {
		change(w, r, func(body []byte) error {
			rules, err := fault.Parse(body)
			if err == nil {
				s.faults.Replace(rules)
			}
			return err
		})
	})
	mux.HandleFunc("PUT /auth", func(w http.ResponseWriter, r *http.Request) {
		change(w, r, func(body []byte) error {
			var c Credentials
			err := json.Unmarshal(body, &c)
			if err == nil {
				s.mutex.Lock()
				s.credentials = c
				s.mutex.Unlock()
			}
			return err
		})
	})
	return mux
}

func change(w http.ResponseWriter, r *http.Request, apply func(body []byte) error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, controlMax))
	if err == nil {
		err = apply(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func sendJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // an error means that the client has gone
}
