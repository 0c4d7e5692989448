"""The schemas that others hold our files to, word for word, and what holds a text to one.

- `sarif-2.1.0-rtm.5.json`, SARIF 2.1.0: as in `@microsoft/jest-sarif` 1.0.0-beta.0, (c) Microsoft Corporation, MIT.
- `jenkins-junit-10.xsd`, of Jenkins' xUnit plugin: as in pytest 9.2.0, MIT; its notice stands in it.
- `ant-junit.xsd`, of Ant's JUnit reports, (c) 2011 Windy Road Technology Pty. Limited, Apache License 2.0: as in
  `junit-xml` 1.2.0 of npm. It is from before `skipped`, which its author let in since: a test case may hold one `skipped`
  in place of `error` and `failure`, and a suite count them. Its readers' files are held to it without them.
"""

import json
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import xmlschema

FOLDER = Path(__file__).parent


@cache
def _sarif():
    return jsonschema.Draft4Validator(
        json.loads((FOLDER / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    )


@cache
def _junit(name):
    return xmlschema.XMLSchema(FOLDER / name)


def faults_of_sarif(text):
    """Return where a text is not as the schema of SARIF has it."""
    return [f"{error.json_path}: {error.message}" for error in _sarif().iter_errors(json.loads(text))]


def faults_of_junit(text):
    """Return where a text is not as the schemas of Jenkins and of Ant have it."""
    jenkins = _junit("jenkins-junit-10.xsd").iter_errors(text)
    ant = _junit("ant-junit.xsd").iter_errors(_without_skipped(text))
    return [f"{error.path}: {error.reason}" for error in (*jenkins, *ant)]


def _without_skipped(text):
    """Return the text with no word of what was skipped: cases are left that hold nothing, or what was beside it."""
    root = ElementTree.fromstring(text.encode())
    for suite in root.iter("testsuite"):
        suite.attrib.pop("skipped")
    for case in root.iter("testcase"):
        if [one.tag for one in case] == ["skipped"]:
            case.remove(case[0])
    return ElementTree.tostring(root, encoding="unicode")
