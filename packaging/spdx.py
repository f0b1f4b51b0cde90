# SPDX-License-Identifier: Apache-2.0
"""The bill of materials of a package, as SPDX 2.3 in JSON: the program and all that is linked in.

It is the same for the same program: its name is made of the program's hash, its time is that of the
package.
"""

import datetime
import hashlib
import json
import pathlib
import re
import urllib.parse

from components import Component

LICENCE_NOTES = {
    "LicenseRef-GPL-2.0-only-with-libgit2-linking-exception":
        "GPL-2.0-only; in addition the authors give unlimited permission to link the compiled "
        "version of the library into combinations with other programs, and to distribute those "
        "combinations without any restriction coming from the use of it. The whole text is in "
        "debian/copyright.",
    "LicenseRef-glibc-notices":
        "Parts of the GNU C Library carry notices of their own (Berkeley, DEC, Carnegie Mellon, "
        "Intel and others). The whole text is in debian/copyright.",
}


def identifier(name: str) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package_url(component: Component) -> str:
    version = urllib.parse.quote(component.source_version, safe="")
    return f"pkg:deb/debian/{component.source}@{version}?arch=source"


def describe(component: Component) -> dict:
    archives = "".join(f"; {name} SHA-256 {sha256}"
                       for name, sha256 in sorted(component.archives.items()))
    described = {
        "SPDXID": identifier(component.name),
        "name": component.name,
        "versionInfo": component.version,
        "supplier": "Organization: Debian",
        "homepage": component.home,
        "downloadLocation": "https://snapshot.debian.org/package/"
                            f"{component.source}/{urllib.parse.quote(component.source_version)}/",
        "filesAnalyzed": False,
        "licenseConcluded": component.licence,
        "licenseDeclared": component.licence,
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"{component.note}, source package {component.source} "
                      f"{component.source_version}{archives}",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": package_url(component)}],
    }
    # The checksum is that of what was unpacked: the tarball, or the package taken as it is.
    for name, sha256 in component.archives.items():
        if ".orig.tar" in name and not name.endswith(".asc") or name.endswith(".deb"):
            described["packageFileName"] = name
            described["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256}]
    return described


def write_spdx(version: str, architecture: str, program: pathlib.Path, time: int,
               parts: list[Component]) -> str:
    """The document about the package of this program. `time` counts seconds since 1970."""
    content = program.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    created = datetime.datetime.fromtimestamp(time, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    used = " ".join(part.licence for part in parts)
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"primocane_{version}_{architecture}",
        "documentNamespace": f"https://primocane.dev/spdx/primocane_{version}_{architecture}/{sha256}",
        "creationInfo": {"created": created, "creators": ["Tool: packaging/spdx.py"]},
        "documentDescribes": ["SPDXRef-primocane"],
        "packages": [{
            "SPDXID": "SPDXRef-primocane",
            "name": "primocane",
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": "Apache-2.0",
            "licenseDeclared": "Apache-2.0",
            "copyrightText": "The primocane authors",
            "primaryPackagePurpose": "APPLICATION",
        }] + [describe(part) for part in parts],
        "files": [{
            "SPDXID": "SPDXRef-program",
            "fileName": "./usr/bin/primocane",
            "fileTypes": ["BINARY"],
            "checksums": [
                {"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
                {"algorithm": "SHA256", "checksumValue": sha256}],
            "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }],
        "hasExtractedLicensingInfos": [
            {"licenseId": name, "extractedText": text}
            for name, text in LICENCE_NOTES.items() if name in used],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
             "relatedSpdxElement": "SPDXRef-primocane"},
            {"spdxElementId": "SPDXRef-primocane", "relationshipType": "CONTAINS",
             "relatedSpdxElement": "SPDXRef-program"},
        ] + [{"spdxElementId": "SPDXRef-program", "relationshipType": "STATIC_LINK",
              "relatedSpdxElement": identifier(part.name)} for part in parts],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
