"""Which device networks are trained on, of those that are there."""

import pytest

from auditkit import UsageError, device_for, devices_here


@pytest.mark.parametrize(
    ("there", "best"), [(("cpu",), "cpu"), (("cpu", "mps"), "mps"), (("cpu", "mps", "cuda"), "cuda")]
)
def test_auto_is_the_first_of_cuda_mps_and_cpu_that_is_there(there, best):
    assert device_for("auto", there) == best


@pytest.mark.parametrize("asked", ["cpu", "cuda"])
def test_a_device_that_is_there_is_taken_as_asked(asked):
    assert device_for(asked, ("cuda", "cpu")) == asked


@pytest.mark.parametrize(
    ("there", "known"), [(("cpu",), "cpu or auto"), (("mps", "cpu"), "mps or cpu or auto")]
)
def test_a_device_that_is_not_there_is_refused_with_those_that_are(there, known):
    with pytest.raises(UsageError, match=rf"^device 'cuda' cannot be used here.*: --device {known}$"):
        device_for("cuda", there)


def test_a_machine_always_has_a_cpu():
    assert devices_here()[-1] == "cpu"
