# SPDX-License-Identifier: Apache-2.0
"""Writes a container image of one static program, in the format of `docker save`, for `ctr images
import`: no registry and no container engine is needed."""

import hashlib
import io
import json
import tarfile


def write(path, reference, program):
    """Writes the image named `reference` ("localhost/pod:1"), which runs the arm64 program."""
    data = program.read_bytes()
    layer = _tar({program.name: data}, mode=0o755)
    digest = hashlib.sha256(layer).hexdigest()
    configuration = json.dumps({
        "architecture": "arm64", "os": "linux", "config": {"Entrypoint": [f"/{program.name}"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]}}).encode()
    name = f"{hashlib.sha256(configuration).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [reference],
                            "Layers": [f"{digest}/layer.tar"]}]).encode()
    path.write_bytes(_tar({name: configuration, f"{digest}/layer.tar": layer,
                           "manifest.json": manifest}))


def _tar(files, mode=0o644):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = mode
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()
