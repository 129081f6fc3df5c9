"""What one training run is: every number in one place, written into the model card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """`tokens` is the length of the run; a quiet 2-core machine with bfloat16 trains 2,700 to 5,000 a second."""

    seed: int = 7
    tokens: int = 15_000_000
    batch_tokens: int = 1_500
    encoder_rate: float = 1.2e-4
    head_rate: float = 4e-4
    warm_up: float = 0.02  # share of the run
    weight_decay: float = 0.01
    label_smoothing: float = 0.0  # more caps the confidence, and presses notes and near-misses together under the cap
    none_weight: float = 0.5  # of a sentence without a note in the loss: there are four times as many of them
    checkpoint_every: int = 100  # steps

    def __post_init__(self) -> None:
        if self.tokens < self.batch_tokens:
            raise ValueError(f"tokens must be at least batch_tokens ({self.batch_tokens}), not {self.tokens}.")
