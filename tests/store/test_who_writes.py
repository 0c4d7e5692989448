"""One function writes files for a user; whatever else writes a file keeps to a place of auditkit's own."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITERS = {
    "auditkit/cli/console/streams.py": "the null device",
    "auditkit/measures/compiled/kept.py": "machine code, where numba keeps its own",
    "auditkit/plugins/scaffold.py": "a new folder, and nothing where one is there",
    "auditkit/store/files.py": "the one function",
    "auditkit/store/lock.py": "locks in the store",
    "auditkit/store/runs.py": "runs in the store",
    "auditkit/store/written.py": "the log in the store",
    "auditkit/testing/offers.py": "a temporary folder",
    "plugins/auditkit_mime/train/outcome.py": "unfinished work, in context.scratch()",
    "plugins/auditkit_mime/train/stack_training.py": "unfinished work, in context.scratch()",
    "plugins/auditkit_shasam/shapes.py": "drawings, in the user's cache folder",
    "plugins/auditkit_shasam/training/checkpoint.py": "unfinished work, in context.scratch()",
}
METHODS = {
    "write_text",
    "write_bytes",
    "savez",
    "savez_compressed",
    "save_file",
    "savefig",
    "tofile",
    "touch",
}
LIBRARIES = {"np", "numpy", "torch", "joblib", "pickle", "safetensors"}


def writes(call):
    """Whether a call writes a file by its own words."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    of = getattr(getattr(call.func, "value", None), "id", "")
    modes = [*call.args[isinstance(call.func, ast.Name) :][:1], *(one.value for one in call.keywords)]
    texts = [one.value for one in modes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    match name:
        case "open" if of == "os":
            return True
        case "open":
            return any(set(text) <= set("rwxabt+") and bool(set(text) & set("wxa+")) for text in texts)
        case "save" | "dump":
            return of in LIBRARIES or any(
                isinstance(one, ast.keyword) and one.arg == "compress_level" for one in call.keywords
            )
        case _:
            return name in METHODS


def test_nothing_else_writes_a_file():
    found = {
        path.relative_to(ROOT).as_posix()
        for place in ("auditkit", "plugins")
        for path in sorted((ROOT / place).rglob("*.py"))
        if "template" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and writes(node)
    }
    assert found == set(WRITERS)


@pytest.mark.parametrize(
    ("code", "does"),
    [
        ("open('a', 'w')", True),
        ("open(p, mode='ab')", True),
        ("p.open('x+')", True),
        ("p.open('rb')", False),
        ("open('a')", False),
        ("os.open(p, flags)", True),
        ("torch.save(a, b)", True),
        ("model.save(a)", False),
        ("p.write_text('')", True),
        ("np.savez(p, a=1)", True),
        ("json.dump(a, f)", False),
        ("image.save(p, compress_level=1)", True),
    ],
)
def test_the_walk_knows_a_write_when_it_sees_one(code, does):
    assert writes(ast.parse(code).body[0].value) is does
