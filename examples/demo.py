#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo: examples/homelab in a fresh Git repository becomes the state of a real API server.

Run it by `make demo`, which builds what it needs. KEEP=1 leaves everything running at the end.
"""

import os
import pathlib
import re
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lab.lab import Lab
from lab.process import SERVERS, wait_until

BEGAN = time.monotonic()
IN_TERMINAL = sys.stdout.isatty()


def say(text):
    """One step, with the time since the start."""
    stamp = f"[{time.monotonic() - BEGAN:6.1f} s]"
    print(f"\n\033[1m{stamp} {text}\033[0m" if IN_TERMINAL else f"\n{stamp} {text}", flush=True)


def show(text):
    for line in text.rstrip().splitlines():
        print(f"           {line}", flush=True)


class Demo:
    def __init__(self, lab):
        self.lab = lab
        self.cluster = lab.cluster
        self.repository = lab.repository
        self.agent = lab.agent(path="clusters/home", settings={"prune": {"maxDeletions": 20}})
        self.read = 0

    def log_book(self, limit=8):
        """What the agent has told since the last time."""
        lines = self.agent.log()[self.read:].splitlines()
        self.read = len(self.agent.log())
        if len(lines) > limit:
            lines = lines[:limit - 3] + [f"... {len(lines) - limit + 1} more ..."] + lines[-2:]
        show("\n".join(lines))

    def members(self):
        """How many objects of the set there are, of the kinds that the home-lab uses."""
        kinds = ("namespace,limitrange,persistentvolume,persistentvolumeclaim,configmap,secret,"
                 "serviceaccount,service,deployment,statefulset,daemonset,cronjob,ingress,"
                 "networkpolicy,clusterrole,clusterrolebinding,storageclass,priorityclass")
        text = self.cluster.kubectl("get", kinds, "-A", "-o", "name",
                                    "-l", "kustomize.toolkit.fluxcd.io/name=root")
        return len(text.split())

    def image(self, name, namespace):
        found = self.cluster.get("deployment", name, namespace)
        return found["spec"]["template"]["spec"]["containers"][0]["image"] if found else None

    def edit(self, path, old, new):
        """Replaces text in a file of the work tree."""
        text = (self.repository.tree / path).read_text()
        if old not in text:
            raise RuntimeError(f"{path} does not hold {old!r}")
        return {path: text.replace(old, new)}

    def install(self):
        say("primocane starts without a configuration, as it does when its package is installed: it waits.")
        self.agent.configuration.unlink()
        self.agent.start()
        show(self.agent.run("status").stdout)

    def deploy(self):
        shutil.copytree(ROOT / "examples" / "homelab", self.repository.tree, dirs_exist_ok=True)
        commit = self.repository.commit(message="Set up the home-lab")
        say(f"The home-lab is committed ({commit[:12]}): a dozen services. primocane init writes the "
            "configuration; a person would be asked, here the answers are options.")
        began = time.monotonic()
        show(self.agent.run("init", "--yes", "--url", self.lab.git.url(), "--path", "clusters/home",
                            "--kubeconfig", self.cluster.kubeconfig, check=True).stdout)
        wait_until(lambda: self.agent.status()["state"] != "waiting", "the agent to begin")
        self.agent.reconcile()
        count = self.members()
        self.log_book()
        say(f"{count} objects are in the cluster, {time.monotonic() - began:.1f} s after the first answer.")
        show(self.cluster.kubectl("get", "deployments,statefulsets,daemonsets", "-A"))
        show(self.agent.run("status").stdout)

    def change(self):
        say("A commit updates Paperless-ngx to 2.13.6 ...")
        self.repository.commit(self.edit("apps/paperless/paperless.yaml", "paperless-ngx:2.13.5",
                                         "paperless-ngx:2.13.6"), "Update Paperless-ngx")
        began = time.monotonic()
        self.agent.reconcile()
        assert self.image("paperless", "paperless").endswith("2.13.6")
        say(f"... and it is in the cluster {time.monotonic() - began:.2f} s after the pass began.")
        self.log_book()

    def prune(self):
        say("A commit removes FreshRSS's ingress; it is pruned.")
        path = "apps/freshrss/freshrss.yaml"
        text = (self.repository.tree / path).read_text()
        documents = [d for d in re.split(r"^---\n", text, flags=re.M) if "kind: Ingress" not in d]
        self.repository.commit({path: "---\n".join(documents)}, "Read news on the phone only")
        self.agent.reconcile()
        assert self.cluster.get("ingress", "freshrss", "freshrss") is None
        self.log_book()
        say("A commit deletes the start page's file; all that was in it is pruned ...")
        kustomization = "apps/homepage/kustomization.yaml"
        self.repository.commit({"apps/homepage/homepage.yaml": None,
                                **self.edit(kustomization, "  - homepage.yaml\n", "")},
                               "Do without a start page")
        self.agent.reconcile()
        for kind in ("ingress", "service", "deployment", "configmap"):
            assert self.cluster.get(kind, "homepage", "homepage") is None, kind
        self.log_book()
        assert self.cluster.get("limitrange", "defaults", "homepage") is not None
        say("... and its namespace stays, with its limits: their file is still in Git.")
        show(self.cluster.kubectl("get", "namespace/homepage", "limitrange/defaults", "-n",
                                  "homepage"))

    def drift(self):
        say("Somebody edits Home Assistant's image behind its back (kubectl set image) ...")
        before = self.image("home-assistant", "home-assistant")
        self.cluster.kubectl("set", "image", "deployment/home-assistant", "-n", "home-assistant",
                             "home-assistant=example.org/mine:latest")
        wait_until(lambda: self.image("home-assistant", "home-assistant") == before,
                   "the image that Git says", seconds=10)
        say("... and it is reverted at once, without a pass. Who it was, and what, is in the log:")
        self.log_book()
        say("... and the agent remembers it, and knows which line in Git says otherwise:")
        show(self.agent.run("drift", check=True).stdout)
        show(self.agent.run("explain", "deployment/home-assistant", check=True).stdout)

    def crash(self):
        say("A commit changes a label on everything; the agent is killed in the middle (SIGKILL) ...")
        self.repository.commit(self.edit("clusters/home/kustomization.yaml",
                                         "home.arpa/cluster: home", "home.arpa/cluster: attic"),
                               "Move to the attic")
        self.agent.process.send_signal(1)
        wait_until(lambda: "attic" in self.annotations("limitrange"), "the first changed objects",
                   pause=0.01)
        self.agent.kill()
        done = self.annotations("limitrange,service,deployment,ingress").count("attic")
        say(f"... after {done} of the changes. It starts again:")
        began = time.monotonic()
        self.agent.start()
        self.agent.reconcile()
        left = self.annotations("limitrange,service,deployment,ingress").count("home ")
        assert left == 0, f"{left} objects were left behind"
        say(f"All objects are as Git says {time.monotonic() - began:.1f} s after the restart.")
        self.log_book()

    def annotations(self, kinds):
        return self.cluster.kubectl(
            "get", kinds, "-A", "-l", "kustomize.toolkit.fluxcd.io/name=root", "-o",
            r"jsonpath={range .items[*]}{.metadata.annotations.home\.arpa/cluster} {end}")

    def uid(self, kind, name, namespace):
        found = self.cluster.get(kind, name, namespace)
        return found and found["metadata"]["uid"]

    def recover(self):
        say("Somebody deletes a whole namespace ...")
        before = self.uid("deployment", "mosquitto", "mosquitto")
        self.cluster.kubectl("delete", "namespace", "mosquitto", "--wait=false")
        wait_until(lambda: self.uid("deployment", "mosquitto", "mosquitto") not in (None, before),
                   "the namespace with its content", seconds=90)
        say("... and it is back as soon as it is gone, with everything in it.")
        self.log_book()

    def flux(self):
        say("A part of a Flux repository is added: two Kustomizations, one of which waits for the "
            "other and takes the domain from what that has made. primocane plan shows, before it is "
            "committed ...")
        shutil.copytree(ROOT / "examples" / "flux", self.repository.tree / "flux")
        clusters = "clusters/home/kustomization.yaml"
        listed = self.edit(clusters, "  - ../../infrastructure\n",
                           "  - ../../infrastructure\n  - ../../flux\n")
        (self.repository.tree / clusters).write_text(listed[clusters])
        plan = self.agent.run("plan", "--path", str(self.repository.tree / "clusters" / "home"))
        show("\n".join(line for line in plan.stdout.splitlines() if line.startswith("+")))
        self.repository.commit(message="Follow what Flux followed")
        self.agent.reconcile()
        assert self.cluster.get("ingress", "whoami", "whoami")["spec"]["rules"][0]["host"] == \
            "whoami.home.arpa"
        say("... and after the commit primocane get and primocane tree know them:")
        show(self.agent.run("get").stdout)
        show(self.agent.run("tree").stdout)
        say("The domain changes in one place, and what uses it follows:")
        self.repository.commit(self.edit("flux/settings/cluster-settings.yaml", "home.arpa",
                                         "attic.home.arpa"), "Name the attic")
        self.agent.reconcile()
        assert self.cluster.get("ingress", "whoami", "whoami")["spec"]["rules"][0]["host"] == \
            "whoami.attic.home.arpa"
        self.log_book()

    def examine(self):
        say("primocane doctor looks at this machine from the user's side (what it finds is its own):")
        show(self.agent.run("doctor").stdout)

    def run(self):
        self.install()
        self.deploy()
        self.examine()
        self.change()
        self.prune()
        self.drift()
        self.crash()
        self.recover()
        self.flux()
        say("That is the whole loop. How it stands:")
        show(self.agent.run("status").stdout)


def main():
    keep = os.environ.get("KEEP") == "1"
    say("A Git server and a Kubernetes API server start (real ones, on 127.0.0.1) ...")
    with Lab(keep=keep) as lab:
        show(f"Git        {lab.git.url()}")
        show(f"Kubernetes {lab.cluster.kubectl('version').splitlines()[-1]}")
        demo = Demo(lab)
        demo.run()
        if keep:
            say("KEEP=1: all of it goes on until Ctrl-C. Look around, in another terminal:")
            show(f"export KUBECONFIG={lab.cluster.kubeconfig}")
            show(f"{SERVERS / 'kubectl'} get all -A")
            show(f"tail -f {demo.agent.log_path}")
            show(f"cd {lab.repository.tree}    # edit, git commit, git push origin main")
            show(" ".join(demo.agent.command("status")))
            try:
                while not demo.agent.has_ended():
                    time.sleep(1)
            except KeyboardInterrupt:
                pass
    say("Everything has been stopped" + (f"; the files stay in {lab.folder}." if keep else
                                         " and removed."))


if __name__ == "__main__":
    main()
