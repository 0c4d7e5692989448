"""The schemas that others hold our files to, word for word, and what holds a text to one.

- `sarif-2.1.0-rtm.5.json`, SARIF 2.1.0: as in `@microsoft/jest-sarif` 1.0.0-beta.0, (c) Microsoft Corporation, MIT.
- `jenkins-junit-10.xsd`, of Jenkins' xUnit plugin: as in pytest 9.2.0, MIT; its notice stands in it.
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
def _junit():
    return xmlschema.XMLSchema(FOLDER / "jenkins-junit-10.xsd")


def faults_of_sarif(text):
    """Return where a text is not as the schema of SARIF has it."""
    return [f"{error.json_path}: {error.message}" for error in _sarif().iter_errors(json.loads(text))]


def faults_of_junit(text):
    """Return where a text is not as the schema of Jenkins has it."""
    return [f"{error.path}: {error.reason}" for error in _junit().iter_errors(text)]
