/* SPDX-License-Identifier: Apache-2.0
 * Takes the place of libgit2's src/util/regexp.c. The agent reads objects and indexes packs; patterns
 * are for configuration, revisions by message and diffs, and would link the C library's regcomp(). */
#include "regexp.h"

int git_regexp_compile(git_regexp *r, const char *pattern, int flags)
{
	GIT_UNUSED(r);
	GIT_UNUSED(pattern);
	GIT_UNUSED(flags);
	git_error_set_str(GIT_ERROR_REGEX, "regular expressions are left out of this build");
	return GIT_EINVALIDSPEC;
}

void git_regexp_dispose(git_regexp *r)
{
	GIT_UNUSED(r);
}

int git_regexp_match(const git_regexp *r, const char *string)
{
	GIT_UNUSED(r);
	GIT_UNUSED(string);
	return GIT_EINVALIDSPEC;
}

int git_regexp_search(const git_regexp *r, const char *string, size_t nmatches, git_regmatch *matches)
{
	GIT_UNUSED(r);
	GIT_UNUSED(string);
	GIT_UNUSED(nmatches);
	GIT_UNUSED(matches);
	return GIT_EINVALIDSPEC;
}
