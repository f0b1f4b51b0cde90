# SPDX-License-Identifier: Apache-2.0
"""Git over HTTP and HTTPS: the ways to a repository, and what a server can do wrong."""

import base64
import functools
import json
import pathlib
import random
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from git_case import GitCase
from lab.git import ENVIRONMENT
from lab.manifests import config_map

UPLOAD_PACK = "/git-upload-pack"
# Enough to be in the middle of the pack that holds NOISE, and in no other answer.
MIDDLE = 100_000


def noise(seed):
    """A file that nothing compresses, so that a pack with it is large."""
    return base64.b64encode(random.Random(seed).randbytes(300_000)).decode()


class GitHttpTest(GitCase):
    """Ways in."""

    def ca(self):
        return self.git.addresses["ca"]

    def test_https_with_a_ca_file(self):
        self.start(self.git.url(self.name, "https"), caFile=self.ca())
        self.deploys("new")

    def test_a_certificate_of_an_unknown_ca_is_refused(self):
        self.make_agent(self.git.url(self.name, "https")).start()
        self.fails("certificate", "CA", value=None)

    def test_a_ca_file_that_belongs_to_another_server_is_refused(self):
        other = self.another_git_server()
        self.make_agent(self.git.url(self.name, "https"), caFile=other.addresses["ca"]).start()
        self.fails("certificate", "CA", value=None)
        self.agent.stop()
        self.agent.configure({"git": {"caFile": self.ca()}})
        self.agent.start()
        self.converges("v")

    def test_an_expired_certificate_is_refused(self):
        expired = self.another_git_server("--expired-cert")
        self.make_agent(expired.url(self.name, "https"), caFile=expired.addresses["ca"]).start()
        self.fails("certificate", "expired", value=None)

    def test_a_certificate_for_another_name_is_refused(self):
        misnamed = self.another_git_server("--cert-names", "git.example.org")
        self.make_agent(misnamed.url(self.name, "https"), caFile=misnamed.addresses["ca"]).start()
        self.fails("certificate", value=None)

    def test_a_client_certificate(self):
        strict = self.another_git_server("--require-client-cert")
        url, addresses = strict.url(self.name, "https"), strict.addresses
        self.make_agent(url, caFile=addresses["ca"]).start()
        self.fails("client certificate", value=None)
        self.agent.stop()
        self.agent.configure({"git": {"authentication": {
            "clientCertificate": addresses["client_cert"], "clientKey": addresses["client_key"]}}})
        self.agent.start()
        self.converges("v")
        self.deploys("new")

    def test_a_client_certificate_of_another_authority_is_refused(self):
        strict = self.another_git_server("--require-client-cert")
        other = self.git.addresses
        self.make_agent(strict.url(self.name, "https"), caFile=strict.addresses["ca"],
                        authentication={"clientCertificate": other["client_cert"],
                                        "clientKey": other["client_key"]}).start()
        self.fails("client certificate", value=None)

    def test_a_user_with_a_password(self):
        self.git.accept_only(basic="alice:right-word")
        password = self.secret_file("wrong-word")
        self.make_agent(self.git.url(self.name, "https"), caFile=self.ca(),
                        authentication={"username": "alice", "passwordFile": password}).start()
        self.fails("credentials", r"git\.authentication", value=None)
        self.secret_file("right-word")
        self.converges("v")
        self.deploys("new")
        self.assertEqual({entry["authorization"] for entry in self.git.requests(self.name)},
                         {"basic alice"})
        encoded = base64.b64encode(b"alice:right-word").decode()
        self.tells_nowhere("wrong-word", "right-word", encoded)

    def test_a_token_that_changes(self):
        self.git.accept_only(token="first-token")
        self.start(self.git.url(self.name, "https"), caFile=self.ca(),
                   authentication={"tokenFile": self.secret_file("first-token")})
        self.git.accept_only(token="second-token")
        self.repository.commit({"a.yaml": config_map("a", "new")})
        self.fails("credentials", r"git\.authentication")
        self.secret_file("second-token")
        self.converges("new")
        self.tells_nowhere("first-token", "second-token")

    def test_no_credentials_where_some_are_wanted(self):
        self.git.accept_only(token="t")
        self.make_agent().start()
        self.fails("credentials", r"git\.authentication", value=None)

    def test_a_file_of_a_credential_that_is_not_there(self):
        self.make_agent(authentication={"tokenFile": "/nonexistent/token"}).start()
        self.fails("/nonexistent/token", value=None)

    def test_by_way_of_another(self):
        proxy = self.git.addresses["proxy"].replace("://", "://through:{}@")
        self.make_agent(self.git.url(self.name, "https"), caFile=self.ca(),
                        proxy=proxy.format("wrong-word")).start()
        self.fails(r"the proxy 127\.0\.0\.1:\d+ wants other credentials", value=None)
        self.agent.stop()
        self.git.forget_requests()
        for scheme, method in (("https", "CONNECT"), ("http", "POST")):
            self.agent.configure({"git": {"url": self.git.url(self.name, scheme),
                                          "proxy": proxy.format("proxy-word")}})
            self.agent.start()
            self.deploys(scheme)
            seen = {(entry["method"], entry["status"]) for entry in
                    self.git.control("/stats")["proxy"]}
            self.assertIn((method, 200), seen)
            self.agent.stop()
        self.tells_nowhere("wrong-word", "proxy-word")

    def test_a_proxy_that_is_not_there(self):
        self.make_agent(proxy="http://through:proxy-word@127.0.0.1:1").start()
        self.fails(r"the proxy 127\.0\.0\.1:1:", value=None)
        self.tells_nowhere("proxy-word")

    def test_credentials_in_the_url_are_refused_and_not_repeated(self):
        agent = self.make_agent(self.git.url(self.name).replace("://", "://alice:right-word@"))
        done = agent.run("agent")
        self.assertEqual(done.returncode, 78)
        self.assertIn("passwordFile", done.stderr)
        self.assertNotIn("right-word", done.stdout + done.stderr)

    def test_a_repository_that_has_moved(self):
        moved = self.git.url("moved").removesuffix(".git")
        self.git.fail_with({"kind": "redirect", "match": "/moved.git",
                            "to": f"/{self.name}.git"})
        self.start(f"{moved}.git")
        self.deploys("new")
        # And back: what it was told once is not believed forever.
        self.repository.bare.rename(self.repository.bare.with_name("moved.git"))
        self.git.fail_with()
        self.agent.reconcile(check=False)
        self.agent.reconcile()

    def test_a_redirect_to_another_host_is_refused(self):
        self.git.accept_only(token="the-token")
        other = self.another_git_server()
        self.git.fail_with({"kind": "redirect", "match": f"/{self.name}.git",
                            "to": other.url(self.name)})
        self.make_agent(authentication={"tokenFile": self.secret_file("the-token")}).start()
        self.fails("redirects", r"git\.url", value=None)
        self.assertEqual(other.requests(self.name), [])
        self.tells_nowhere("the-token")


class GitFaultsTest(GitCase):
    """What a server can do wrong: said, survived, and over once the server is well."""

    def test_statuses_are_told(self):
        self.start()
        for code, more, expected in (
                (401, {}, ["credentials"]), (403, {}, ["credentials"]),
                (404, {}, ["no such repository"]),
                (429, {"retry_after": "120"}, ["too many requests", "120 s"]),
                (500, {}, ["500"]),
                (502, {"body": "<html>x", "content_type": "text/html"}, ["502"]),
                (503, {"retry_after": "7"}, ["503", "7 s"])):
            with self.subTest(code):
                self.git.fail_with({"kind": "status", "code": code, **more})
                self.fails(*expected)
        self.git.fail_with()
        self.deploys("new")

    def test_a_web_page_instead_of_git_is_told(self):
        self.start()
        self.git.fail_with({"kind": "status", "code": 200, "body": "<html>Please log in</html>",
                            "content_type": "text/html"})
        self.fails("web page")
        self.git.fail_with()
        self.deploys("new")

    def damages_packs(self, *faults, expected):
        """Each fault hits the pack of an update; the old revision stays, and the next pass takes
        the new one."""
        self.repository.write({"noise.txt": noise(0)})
        self.start()
        for number, fault in enumerate(faults):
            with self.subTest(fault):
                self.git.fail_with({"match": self.name + ".git" + UPLOAD_PACK, **fault})
                self.repository.commit({"a.yaml": config_map("a", f"new {number}"),
                                        "noise.txt": noise(number + 1)})
                old = "v" if number == 0 else f"new {number - 1}"
                self.fails(expected, value=old)
                self.git.fail_with()
                self.converges(f"new {number}")

    def test_a_pack_that_is_cut(self):
        self.damages_packs({"kind": "cut", "after_bytes": MIDDLE},
                           {"kind": "cut", "after_bytes": MIDDLE, "reset": True},
                           {"kind": "truncate", "after_bytes": MIDDLE},
                           expected="cut|broke|middle of the answer")

    def test_a_pack_that_is_corrupt(self):
        self.damages_packs({"kind": "corrupt", "after_bytes": MIDDLE}, expected="pack")

    def test_a_first_pack_that_is_cut(self):
        self.repository.commit({"noise.txt": noise(0)})
        self.git.fail_with({"kind": "cut", "after_bytes": MIDDLE})
        self.make_agent().start()
        self.fails("cut|broke|middle of the answer", value=None)
        self.git.fail_with()
        self.converges("v")

    def test_a_server_that_says_nothing_more(self):
        self.start(timeouts={"stall": "1s", "connect": "1s"})
        for fault in ({"kind": "stall", "match": UPLOAD_PACK}, {"kind": "mute"}, {"kind": "drop"},
                      {"kind": "drop", "reset": True}):
            with self.subTest(fault):
                self.agent.stop()  # its connection would outlive a fault of new ones
                self.git.fail_with(fault)
                self.agent.start()
                self.fails(r"127\.0\.0\.1")
                self.git.fail_with()
        self.deploys("new")

    def test_a_pack_that_stalls(self):
        self.start(timeouts={"stall": "1s"})
        self.repository.commit({"a.yaml": config_map("a", "new"), "noise.txt": noise(0)})
        self.git.fail_with({"kind": "stall", "match": UPLOAD_PACK, "after_bytes": MIDDLE})
        self.fails("not a byte|nothing moved")
        self.git.fail_with()
        self.converges("new")

    def test_a_slow_server_is_waited_for_while_it_sends(self):
        self.start(timeouts={"stall": "1s"})
        self.repository.commit({"a.yaml": config_map("a", "new"), "noise.txt": noise(0)})
        self.git.fail_with({"kind": "slow", "match": UPLOAD_PACK, "bytes_per_second": 300_000})
        self.converges("new")

    def test_a_fetch_that_takes_too_long_is_given_up(self):
        self.start(timeouts={"fetch": "1s"})
        self.repository.commit({"a.yaml": config_map("a", "new"), "noise.txt": noise(0)})
        self.git.fail_with({"kind": "slow", "match": UPLOAD_PACK, "bytes_per_second": 100_000})
        self.fails("1 ?s")
        self.git.fail_with()
        self.converges("new")

    def test_limits_of_a_pack_are_kept(self):
        self.start(limits={"packSize": "1Mi", "packObjects": 100})
        self.repository.commit({"a.yaml": config_map("a", "new"),
                                **{f"{i}.txt": noise(i) for i in range(5)}})
        self.fails(r"larger than 1.0 MiB .*git\.limits\.packSize")
        self.repository.commit({f"{i}.txt": None for i in range(5)})
        self.converges("new")
        self.repository.commit({"a.yaml": config_map("a", "newer"),
                                **{f"d/{i}.txt": str(i) for i in range(200)}})
        self.fails(r"objects.*git\.limits\.packObjects", value="new")


class GitMirrorTest(GitCase):
    """A mirror that the disk lost or changed."""

    def mirror(self):
        found = [path.parent for path in self.agent.state.rglob("primocane.json")]
        self.assertEqual(len(found), 1)
        return found[0]

    def pack(self):
        """The one that holds most; packs that are not needed any more may lie beside it."""
        state = json.loads((self.mirror() / "primocane.json").read_text())
        return self.mirror() / "objects" / "pack" / f"pack-{state['tip']['packs'][0]['name']}.pack"

    def flip(self):
        data = bytearray(self.pack().read_bytes())
        data[len(data) // 2] ^= 0xff
        self.rewrite(self.pack(), data)

    def rewrite(self, path, data):
        path.chmod(0o640)
        path.write_bytes(data)

    def truncate(self):
        self.rewrite(self.pack(), self.pack().read_bytes()[:-30])

    def is_whole(self):
        """Expects a mirror that git itself finds nothing wrong with."""
        done = subprocess.run(["git", "-c", "safe.directory=*", "--git-dir", str(self.mirror()),
                               "fsck", "--full", "--strict"], capture_output=True, text=True,
                              env=ENVIRONMENT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def damages(self):
        yield "bytes of a pack", self.flip
        yield "a pack that is gone", lambda: self.pack().unlink()
        yield "an index that is gone", lambda: self.pack().with_suffix(".idx").unlink()
        yield "a pack that is cut", self.truncate
        yield "a state that is gone", lambda: (self.mirror() / "primocane.json").unlink()
        yield "a state that is cut", lambda: (self.mirror() / "primocane.json").write_text('{"ver')
        yield "refs that are gone", lambda: [(self.mirror() / name).unlink(True) for name in
                                             ("packed-refs", "HEAD", "shallow")]
        yield "all of it", lambda: shutil.rmtree(self.mirror())

    def test_damage_is_noticed_and_fetched_anew(self):
        self.start()
        for number, (name, damage) in enumerate(self.damages()):
            for how in ("while it is down", "while it runs"):
                with self.subTest(f"{name}, {how}"):
                    if how == "while it is down":
                        self.agent.stop()
                        damage()
                        self.agent.start()
                    else:
                        damage()
                    self.agent.reconcile()
                    self.assertEqual((self.value("a"), self.value("b")),
                                     (f"{number - 1}" if number else "v", "v"))
            self.deploys(f"{number}")
            self.is_whole()

    def test_damage_while_git_is_down_leaves_the_cluster_alone(self):
        self.start()
        self.agent.stop()
        self.flip()
        self.git.fail_with({"kind": "drop"})
        self.agent.start()
        self.fails("mirror .* is damaged", "fetched anew")
        self.git.fail_with()
        self.deploys("new")


class GitSizeTest(GitCase):
    """Large repositories cost no more than small ones."""

    def test_a_poll_among_20000_refs_is_one_question(self):
        commit = self.repository.run("rev-parse", "HEAD")
        packed = "".join(f"{commit} refs/pull/{i:05}/head\n" for i in range(20_000))
        self.repository.bare.joinpath("packed-refs").write_text(
            f"# pack-refs with: peeled fully-peeled sorted\n{packed}")
        self.start()
        self.agent.reconcile()
        self.git.forget_requests()
        self.agent.reconcile()
        stats = self.git.control("/stats")
        requests = self.git.requests(self.name)
        self.assertEqual([entry["method"] for entry in requests], ["POST"], requests)
        self.assertLessEqual(stats["bytes_in"] + stats["bytes_out"], 2048, stats)

    def test_100000_commits_are_not_fetched(self):
        lines = ["reset refs/heads/main\n"]
        for i in range(100_000):
            lines.append(f"commit refs/heads/main\ncommitter S <s@home.arpa> {1_500_000_000 + i} "
                         f"+0000\ndata 6\nChange\nM 100644 inline n.txt\ndata {len(str(i))}\n{i}\n")
        a, b = config_map("a"), config_map("b")
        lines.append(f"commit refs/heads/main\ncommitter S <s@home.arpa> 1700000000 +0000\n"
                     f"data 4\nLast\nM 100644 inline a.yaml\ndata {len(a)}\n{a}\n"
                     f"M 100644 inline b.yaml\ndata {len(b)}\n{b}\n")
        self.repository.fast_import("".join(lines))
        self.repository.run("fetch", "-q", "--depth=1", "origin", "main")
        self.repository.run("reset", "-q", "--hard", "FETCH_HEAD")
        self.git.forget_requests()
        self.start()
        self.deploys("new")
        stats = self.git.control("/stats")
        self.assertLess(stats["bytes_in"] + stats["bytes_out"], 20_000, stats)


def in_ways(*names):
    """Runs a test with each of these kinds of servers; the unit tests of source/ know them all."""
    def decorate(test):
        @functools.wraps(test)
        def run(self):
            plain = self.another_git_server("--git-config", "uploadpack.allowFilter=false")
            for name, server, faults in (("v2", self.git, []), ("v2 without filter", plain, []),
                                         ("v0", plain, [{"kind": "v0"}])):
                if name not in names:
                    continue
                server.fail_with(*faults)
                with self.subTest(name):
                    self.repository.commit({"a.yaml": config_map("a", "v")})
                    self.start(server.url(self.name))
                    test(self)
                self.start_over()
        return run
    return decorate


class GitHistoryTest(GitCase):
    """What a branch may do, whichever protocol is spoken and whatever the server can."""

    @in_ways("v2", "v2 without filter", "v0")
    def test_many_commits_between_two_polls(self):
        for count in (100, 600):
            self.repository.commit_many(count)
            self.deploys(f"{count}")
        self.agent.stop()
        self.repository.commit_many(100)
        self.repository.commit({"a.yaml": config_map("a", "while down")})
        self.agent.start()
        self.converges("while down")

    @in_ways("v2", "v2 without filter", "v0")
    def test_a_rewritten_branch_is_refused_until_it_is_accepted(self):
        self.repository.run("reset", "-q", "--hard", "HEAD^")
        self.repository.commit({"a.yaml": config_map("a", "other")})
        self.fails("rewritten", "--accept-rewrite")
        self.agent.stop()
        self.agent.start()
        self.fails("rewritten")
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value(), "other")
        self.deploys("new")

    @in_ways("v2", "v0")
    def test_a_branch_that_was_rewritten_while_the_agent_was_down_is_refused(self):
        self.agent.stop()
        self.repository.run("reset", "-q", "--hard", "HEAD^")
        self.repository.commit(message="Change something else")  # or it is the same commit
        self.repository.commit_many(50)
        self.repository.commit({"a.yaml": config_map("a", "other")})
        self.agent.start()
        self.fails("rewritten")
        self.agent.stop()
        shutil.rmtree(self.agent.state)  # a node that knows nothing: the cluster remembers
        self.agent.state.mkdir()
        self.agent.start()
        self.fails("rewritten")
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value(), "other")

    @in_ways("v2", "v0")
    def test_a_history_deeper_than_may_be_fetched_is_refused(self):
        self.agent.stop()
        self.agent.configure({"git": {"limits": {"depth": 40}}})
        self.agent.start()
        self.repository.commit_many(38)
        self.deploys("at the limit")
        self.repository.commit_many(60)
        self.repository.commit({"a.yaml": config_map("a", "beyond")})
        self.fails("may have been rewritten", r"within 40 commits \(git\.limits\.depth\)",
                   "--accept-rewrite", value="at the limit")
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value(), "beyond")

    def test_a_branch_that_is_deleted_leaves_what_it_held(self):
        self.start()
        self.repository.run("--git-dir", self.repository.bare, "update-ref", "-d",
                            "refs/heads/main")
        self.fails("no branch main")
        self.repository.run("push", "-q", "origin", "main")
        self.deploys("new")

    def test_another_branch_in_the_configuration(self):
        self.start()
        self.repository.run("checkout", "-q", "-b", "next")
        self.repository.write({"a.yaml": config_map("a", "next")})
        self.repository.run("commit", "-q", "-a", "-m", "Go on")
        self.repository.run("push", "-q", "origin", "next")
        self.repository.run("checkout", "-q", "main")
        self.agent.stop()
        self.agent.configure({"git": {"branch": "next"}})
        self.agent.start()
        self.converges("next")
        # Back to main is back in time: commits are lost, so it has to be accepted.
        self.agent.stop()
        self.agent.configure({"git": {"branch": "main"}})
        self.agent.start()
        self.fails("does not descend", value="next")
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value(), "v")
        self.agent.stop()
        self.agent.configure({"git": {"branch": "lost"}})
        self.agent.start()
        self.fails("no branch lost")


if __name__ == "__main__":
    unittest.main()
