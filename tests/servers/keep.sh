# SPDX-License-Identifier: Apache-2.0
#
# For the build.sh of a Go module, which sources it: programs are kept in the cache under a hash of
# what they are made of, so that they are built once for all checkouts.

# keep NAME OUTDIR [EXTRA...]: puts the module's programs into OUTDIR. NAME is that of its folder in
# the cache, EXTRA are scripts elsewhere that they depend on. The caller's `build DIR` makes them.
keep() {
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/primocane/$1
	outdir=$2
	shift 2
	hash=$(find . "$@" -name '*.go' ! -name '*_test.go' -o -name go.mod -o -name go.sum -o -name '*.sh' ! -name test.sh |
		LC_ALL=C sort | xargs sha256sum | { cat; uname -m; } | sha256sum | cut -c 1-16)
	built=$cache/$hash
	mkdir -p "$cache"
	exec 9> "$cache/lock"
	flock 9
	if [ ! -d "$built" ]; then
		rm -rf "$cache/unfinished"
		build "$cache/unfinished/"
		mv "$cache/unfinished" "$built"
		# Older builds, but for the two that were used last.
		ls -td "$cache"/????????????????/ | tail -n +4 | while read -r old; do rm -rf "$old"; done
	fi
	touch "$built"
	for program in "$built"/*; do
		target=$outdir/$(basename "$program")
		[ "$program" -ef "$target" ] || ln -f "$program" "$target" 2> /dev/null || cp --remove-destination "$program" "$target"
	done
}
