"""The schemas that others hold our files to, word for word, and what holds a text to one.

- `sarif-2.1.0-rtm.5.json`, SARIF 2.1.0: as in `@microsoft/jest-sarif` 1.0.0-beta.0, (c) Microsoft Corporation, MIT.
- `jenkins-junit-10.xsd`, of Jenkins' xUnit plugin: as in pytest 9.2.0, MIT; its notice stands in it.
- `ant-junit.xsd`, of Ant's JUnit reports, (c) 2011 Windy Road Technology Pty. Limited, Apache License 2.0: as in
  `junit-xml` 1.2.0 of npm. It is from before `skipped`, which its author let in since: a test case may hold one
  `skipped` in place of `error` and `failure`, and a suite may count them. Both are added as he did when it is read.
"""

import json
from functools import cache
from pathlib import Path

import jsonschema
import xmlschema

FOLDER = Path(__file__).parent


@cache
def _sarif():
    return jsonschema.Draft4Validator(
        json.loads((FOLDER / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    )


@cache
def _jenkins():
    return xmlschema.XMLSchema(FOLDER / "jenkins-junit-10.xsd")


@cache
def _ant():
    text = (FOLDER / "ant-junit.xsd").read_text(encoding="utf-8")
    choice = '<xs:choice minOccurs="0">'
    assert text.count(choice) == 1
    text = text.replace(choice, choice + '<xs:element name="skipped"/>')
    last = text.rindex('<xs:attribute name="time"')
    return xmlschema.XMLSchema(text[:last] + '<xs:attribute name="skipped" type="xs:int"/>' + text[last:])


def faults_of_sarif(text):
    """Return where a text is not as the schema of SARIF has it."""
    return [f"{error.json_path}: {error.message}" for error in _sarif().iter_errors(json.loads(text))]


def faults_of_junit(text):
    """Return where a text is not as the schemas of Jenkins and of Ant have it."""
    return [
        f"{error.path}: {error.reason}"
        for schema in (_jenkins(), _ant())
        for error in schema.iter_errors(text)
    ]
