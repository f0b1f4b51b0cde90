// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
)

// Credentials are what a request must bring. With both, one of them is enough; with none,
// everybody may read.
type Credentials struct {
	Basic string `json:"basic"` // USER:PASSWORD
	Token string `json:"token"` // as a bearer token, or as the password of any user, as forges do
}

func (c Credentials) allow(r *http.Request) bool {
	if c == (Credentials{}) {
		return true
	}
	if user, password, ok := r.BasicAuth(); ok {
		return same(c.Basic, user+":"+password) || same(c.Token, password)
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && same(c.Token, token)
}

// same compares with a secret. An empty secret is none.
func same(secret, given string) bool {
	return secret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(given)) == 1
}

// describe names the scheme of an Authorization header, and the user if it is basic.
func describe(header string) string {
	scheme, rest, _ := strings.Cut(header, " ")
	scheme = strings.ToLower(scheme)
	if scheme != "basic" {
		return scheme
	}
	decoded, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		return "basic, malformed"
	}
	user, _, _ := strings.Cut(string(decoded), ":")
	return "basic " + user
}
