"""Where the model computes: on a GPU when there is one, else on the cores."""

from __future__ import annotations

import re

from .raw import ScanError

_KNOWN = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")


def check_device(told: str, here: bool = True) -> None:
    """Raise ScanError unless `told` is auto, cpu, or a GPU that this machine has; if it is not `here` that computes, any."""
    if not _KNOWN.fullmatch(told):
        raise ScanError(f"The device must be auto, cpu, cuda, cuda:N or mps, not '{told}'.")
    if here and told not in ("auto", "cpu") and not _present(told):
        raise ScanError(f"This machine has no device '{told}' that torch can use; auto takes what there is.")


def device_of(told: str) -> str:
    """The device that a worker uses: `auto` is the first GPU of NVIDIA or AMD when there is one, else the cores."""
    if told != "auto":
        return told
    return "cuda" if _present("cuda") else "cpu"


def precision_on(device: str, told: str) -> str:
    """The precision, where `auto` is measured on the cores alone: GPUs take bfloat16 if they compute in it themselves."""
    if told != "auto" or device == "cpu":
        return told
    import torch

    able = device.startswith("cuda") and torch.cuda.is_bf16_supported(including_emulation=False)
    return "bf16" if able else "fp32"


def settled(device: str, precision: str) -> tuple[str, str]:
    """The device and the precision of a whole scan, `auto` decided: the cores' is measured, and another measurement may find
    another. A GPU of another machine decides for itself, always in the same way. Raises ScanError."""
    found = device_of(device)
    if precision == "int8" and found != "cpu":
        raise ScanError(
            f"Only processors multiply 8-bit integers; on {found} the precision must be auto, fp32 or bf16."
        )
    if found != "cpu":
        return found, precision_on(found, precision) if _present(found) else precision
    from ..classifier.precision import choose

    try:
        return found, choose(precision).precision
    except ValueError as error:
        raise ScanError(str(error)) from None


def _present(device: str) -> bool:
    import torch

    if device == "mps":
        return torch.backends.mps.is_available()
    number = int(device.partition(":")[2] or 0)
    return torch.cuda.is_available() and number < torch.cuda.device_count()
