# SPDX-License-Identifier: Apache-2.0
"""Lab: repository, servers and agent together, in one folder."""

import pathlib
import shutil
import tempfile

from .agent import Agent
from .cluster import Cluster
from .git import GitServer, Repository


class Lab:
    """Use as a context manager; keep=True leaves the folder."""

    def __init__(self, store="memory", keep=False, git_arguments=(), fake_kubelet=False,
                 cluster_arguments=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="primocane-lab-"))
        # The renderer's box may run as another user and must reach the mirror.
        self.folder.chmod(0o755)
        self.keep = keep
        self.cluster = self.git = None
        self.agents = []
        try:
            self.repository = Repository(self.folder / "git")
            self.git = GitServer(self.folder / "git", self.folder / "gitserver", *git_arguments)
            self.cluster = Cluster(self.folder / "cluster", store, fake_kubelet,
                                   cluster_arguments)
        except BaseException:
            self.close()
            raise

    def agent(self, name="agent", path=".", settings=None, url=None):
        """A new agent for the repository and the cluster; not started."""
        agent = Agent(self.folder / name, url or self.git.url(), self.cluster.kubeconfig, path,
                      settings)
        self.agents.append(agent)
        return agent

    def close(self):
        for agent in self.agents:
            agent.stop()
        for server in (self.git, self.cluster):
            if server is not None:
                server.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
