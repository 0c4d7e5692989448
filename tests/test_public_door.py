"""The public door, the error tree and what start-up may load."""

import subprocess
import sys

import auditkit
import auditkit.errors as errors

HEAVY = {
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "numba",
    "pyarrow",
    "pydantic",
    "rich",
    "jinja2",
    "yaml",
}


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.splitlines()}


def test_every_public_name_is_there_and_nothing_else_is_promised():
    for name in auditkit.__all__:
        assert getattr(auditkit, name) is not None
    assert dir(auditkit) == sorted(auditkit.__all__)
    assert not hasattr(auditkit, "no_such_name")


def test_importing_the_public_door_and_every_name_loads_nothing_heavy():
    assert not loaded_by("import auditkit") & HEAVY
    assert not loaded_by("from auditkit import *") & (HEAVY - {"numpy"})
    assert "numpy" not in loaded_by("from auditkit import *")


def test_help_loads_nothing_heavy_and_no_plugin():
    statement = (
        "import contextlib, io\nfrom auditkit.cli.app import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): run(['--help'])"
    )
    loaded = loaded_by(statement)
    assert not loaded & HEAVY
    assert not {name for name in loaded if name.startswith("auditkit_")}


def test_a_commands_help_loads_plugins_but_no_numpy():
    statement = (
        "import contextlib, io\nfrom auditkit.cli.app import run\n"
        "with contextlib.redirect_stdout(io.StringIO()): run(['mine', '--help'])"
    )
    loaded = loaded_by(statement)
    assert "auditkit_minoria" in loaded
    assert not loaded & HEAVY


def test_every_error_of_a_user_has_the_documented_exit_code():
    codes = {
        errors.UsageError: 2,
        errors.RecipeError: 2,
        errors.PluginError: 3,
        errors.DataError: 4,
    }
    for kind, code in codes.items():
        assert issubclass(kind, errors.AuditkitError)
        assert kind("x").exit_code == code


def test_nearest_hints_at_the_closest_word_in_any_case_or_lists_a_few():
    assert errors.nearest("Icnome", ["income", "age"]) == "; did you mean 'income'?"
    assert errors.nearest("zzz", ["b", "a"]) == "; known: a, b"
    assert errors.nearest("x", []) == ""
