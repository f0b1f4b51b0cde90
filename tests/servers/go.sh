# SPDX-License-Identifier: Apache-2.0
#
# For the scripts of a Go module, which source it in the module's folder: sets `go` to a Go that is at
# least the version which go.mod names, or to one that fetches that version through the module proxy.

go_bootstrap=${go_bootstrap:-bootstrap_go.py}
go_cache=${XDG_CACHE_HOME:-$HOME/.cache}/primocane/servers
wanted=$(sed -n 's/^toolchain go//p' go.mod)

# not_below A B: version A is B or a later one.
not_below() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

go=$(command -v go || true)
has=${go:+$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null | sed 's/^go//')}
if not_below "${has:-0}" "$wanted"; then
	export GOTOOLCHAIN=local
else
	export GOTOOLCHAIN=auto
	not_below "${has:-0}" 1.21 || go=$(python3 "$go_bootstrap" "$go_cache")
fi
# require_gofmt FOLDER ...: ends the script, naming what gofmt would lay out otherwise.
require_gofmt() {
	unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l "$@")
	[ -z "$unformatted" ] && return
	printf 'not formatted by gofmt:\n%s\n' "$unformatted" >&2
	exit 1
}

# The same flags for building and testing, so that both share what they compile.
export CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false ${GOFLAGS:-}"
