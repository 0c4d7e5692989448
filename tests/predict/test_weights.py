"""Weights of a file for a network: all of them and nothing else, or one sentence."""

import pytest
import torch
from plugins.shasam.encoders import narrow
from safetensors.torch import save_file

from auditkit import DataError, load_weights


def saved(state, path):
    if path.suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save(state, path)
    return str(path)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_an_encoder_starts_from_the_weights_of_a_file(tmp_path, name):
    torch.manual_seed(5)
    theirs, ours = narrow((6,), 16), narrow((6,), 16)
    load_weights(ours, saved(theirs.state_dict(), tmp_path / name), what="encoder")
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda state: state.pop("0.bias"), "lack '0.bias' of the encoder"),
        (lambda state: state.clear(), "lack '0.weight' and 1 more of the encoder"),
        (lambda state: state.update(head=torch.ones(2)), "hold 'head', which the encoder does not have"),
        (
            lambda state: state.update({"0.bias": torch.ones(3)}),
            r"'0.bias' is \[3\], and the encoder's is \[8\]",
        ),
        (lambda state: state.update(epoch=3), r"hold no tensors by name: save the encoder's state_dict\(\)"),
    ],
)
def test_weights_that_do_not_fit_are_one_sentence(tmp_path, change, sentence):
    state = dict(narrow((6,), 16).state_dict())
    change(state)
    with pytest.raises(DataError, match=sentence):
        load_weights(narrow((6,), 16), saved(state, tmp_path / "w.pt"), what="encoder")


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
@pytest.mark.parametrize("content", [b"", b"junk", b"\x80\x02cos\nsystem\n(S'true'\ntR."])
def test_a_file_that_holds_no_weights_is_one_sentence_and_runs_no_code(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as weights"):
        load_weights(narrow((6,), 16), str(tmp_path / name), what="encoder")
