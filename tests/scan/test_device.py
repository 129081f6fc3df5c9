"""Which device computes."""

from __future__ import annotations

import pytest
import torch
from click.testing import CliRunner
from telltale.classifier.product import PRECISIONS
from telltale.cli import main
from telltale.scan import device
from telltale.scan.raw import ScanError


@pytest.fixture
def gpus(monkeypatch):
    """A machine with this many GPUs, as torch tells it."""

    def have(count: int) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: count)

    return have


@pytest.mark.parametrize(
    ("count", "told", "found"), [(0, "auto", "cpu"), (2, "auto", "cuda"), (2, "cpu", "cpu"), (2, "cuda:1", "cuda:1")]
)
def test_auto_takes_a_gpu_when_there_is_one(gpus, count, told, found):
    gpus(count)
    device.check_device(told)
    assert device.device_of(told) == found


@pytest.mark.parametrize("told", ["gpu", "cuda:x", "cuda:1", "cuda; rm", ""])
def test_a_device_that_is_not_there_is_refused_in_one_sentence(gpus, told):
    gpus(1)
    with pytest.raises(ScanError, match=r"device.*\.$"):
        device.check_device(told)


def test_the_command_refuses_before_it_reads(tmp_path, monkeypatch):
    monkeypatch.setattr("telltale.classifier.weights.read_card", lambda folder: None)
    (tmp_path / "in.jsonl").write_text("{}\n")
    told = CliRunner().invoke(
        main, ["scan", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), "--device", "gpu"]
    )
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "out.scan").exists()


def test_a_gpu_that_computes_in_bfloat16_is_told_to(monkeypatch):
    for able, precision in ((True, "bf16"), (False, "fp32")):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, able=able: able)
        assert device.precision_on("cuda:0", "auto") == precision
    assert (device.precision_on("cuda:0", "fp32"), device.precision_on("cpu", "auto")) == ("fp32", "auto")
    assert device.precision_on("mps", "auto") == "fp32"


def test_what_is_left_to_the_machine_is_settled_by_measuring(gpus):
    gpus(0)
    where, precision = device.settled("auto", "auto")
    assert (where, precision in PRECISIONS) == ("cpu", True)
    assert device.settled("auto", "fp32") == ("cpu", "fp32")
