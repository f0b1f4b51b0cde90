// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
)

const tokenText = "a-token-of-the-test"

// guard lets only those in who have logged in the way that is wanted.
func guard(handler, inside http.Handler, login, way, scheme string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			inside.ServeHTTP(w, r)
			return
		}
		if login == "" || isIn(r, login, way) {
			handler.ServeHTTP(w, r)
			return
		}
		challenge := `Basic realm="registry"`
		if way == "bearer" {
			repository := strings.TrimPrefix(r.URL.Path, "/v2/")
			for _, part := range []string{"/manifests/", "/blobs/", "/tags/"} {
				repository, _, _ = strings.Cut(repository, part)
			}
			challenge = fmt.Sprintf(`Bearer realm="%s://%s/token",service="registry",scope="repository:%s:pull"`,
				scheme, r.Host, repository)
		}
		w.Header().Set("WWW-Authenticate", challenge)
		http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
	})
}

func isIn(r *http.Request, login, way string) bool {
	if way == "bearer" {
		return r.Header.Get("Authorization") == "Bearer "+tokenText
	}
	user, password, _ := r.BasicAuth()
	return user+":"+password == login
}

// answerToken is the token server.
func answerToken(login string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		query := r.URL.Query()
		if user+":"+password != login || query.Get("service") != "registry" || query.Get("scope") == "" {
			http.Error(w, "wrong login", http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, `{"token":%q,"expires_in":300}`, tokenText)
	}
}

// redirected sends those who want a blob to the store.
func redirected(handler http.Handler, store string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/blobs/") && r.Method == http.MethodGet {
			http.Redirect(w, r, "http://"+store+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// requests remembers who was asked what, and with which kind of login.
type requests struct {
	lock  sync.Mutex
	lines []string
}

func (s *requests) recorded(server string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		way, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		s.lock.Lock()
		s.lines = append(s.lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", server, r.Method, r.URL.Path, way)))
		s.lock.Unlock()
		handler.ServeHTTP(w, r)
	})
}

// take gives what was asked since the last time.
func (s *requests) take() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	lines := s.lines
	s.lines = nil
	return lines
}
