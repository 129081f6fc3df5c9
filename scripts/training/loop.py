"""The training loop: seeded, resumable, on a CPU or a GPU, bfloat16 with float32 master weights where that is faster."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain, compress, count, islice
from pathlib import Path
from typing import Any

import torch
from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from telltale.classifier.cascade import NEAR, odds_of
from telltale.classifier.encoder import SKIPPED, UNKNOWN
from telltale.classifier.model import Batch, SentenceTagger, collate, features
from telltale.classifier.pack import Packing, passing
from telltale.classifier.pieces import Pieces
from telltale.classifier.precision import fastest_float
from telltale.classifier.product import on_grid
from telltale.domain import LABELS, NONE_AT
from torch import Tensor, nn
from tqdm import tqdm

from .examples import IGNORED, Example, examples_of
from .settings import TrainingSettings

LEAST_SPREAD = 1e-3  # a feature that hardly varies must not be blown up
CENTER_BATCHES = 12  # to take the spread of the base's features from
# Beside the generated pages of a chunk, as shares of them: ordinary pages, and pages that the weights before got wrong. Without
# the ordinary ones a run that goes on forgets what it knew of them.
MINED, HARD = 1 / 4, 1 / 3
# Of the sentences without a note, those that the first sieve lets pass beside the notes, in turns: pages have few or many that
# tempt. The sieves behind it let pass the square root of that share of what reaches them.
PASSING = (0.15, 0.25, 0.4, 0.6, 1.0)
SIEVE_SHARE = 0.5  # of the loss, for each sieve, beside the 1 of the head
CHUNK_PAGES = 96  # pages sorted by length together, so that batches need little padding


def batches(
    settings: TrainingSettings, pieces: Pieces, sizes: Packing, mined: list[MadePage], hard: list[MadePage]
) -> Iterator[list[Example]]:
    """Endless batches of about `batch_tokens` tokens, of generated pages with some ordinary and some hard ones beside them.

    Chunk k depends on the seed and k alone, so a run can resume.
    """
    library = Library.load(dev=False)
    for chunk in count():
        maker = PageMaker(library, settings.seed * 1_000_003 + chunk)
        pages = [maker.page() for _ in range(CHUNK_PAGES)]
        for extra, share in ((mined, MINED), (hard, HARD)):
            pages += maker.rng.sample(extra, min(len(extra), round(share * CHUNK_PAGES)))
        examples = [e for p in pages for e in examples_of(p, pieces, sizes) if _teaches(p, e, maker.rng)]
        examples.sort(key=lambda e: len(e.window.ids))
        made = list(batched(examples, settings.batch_tokens))
        maker.rng.shuffle(made)
        yield from made


def _teaches(page: MadePage, example: Example, rng: random.Random) -> bool:
    """Whether to keep a window: half of those of the articles that merely carry a note are enough."""
    return page.recipe != "note" or has_note(example) or rng.random() < 0.5


def is_note(label: int) -> bool:
    """Whether a label of training is that of a note."""
    return label not in (NONE_AT, IGNORED)


def has_note(example: Example) -> bool:
    """Whether a sentence of a window is a note."""
    return any(map(is_note, example.labels))


def batched(examples: Iterable[Example], tokens: int) -> Iterator[list[Example]]:
    """Consecutive examples, of which as many as the last is long times their number stays within `tokens`."""
    batch: list[Example] = []
    for example in examples:
        if batch and (len(batch) + 1) * len(example.window.ids) > tokens:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def narrow(batch: list[Example], odds: Tensor, share: float) -> tuple[list[Example], list[int]]:
    """What of a batch the next stage reads on if its notes and that share of the other sentences pass a sieve, those of the
    highest `odds` [S]; and where the tokens of that stand in the batch."""
    labels = [label for example in batch for label in example.labels]
    noted, odds = torch.tensor([*map(is_note, labels)]), odds.detach().cpu()
    passes = (noted | (odds >= _limit(odds[~noted], share))).tolist()
    windows, places = passing([example.window for example in batch], passes, NEAR)
    taught = compress(labels, passes)
    return [Example(window, list(islice(taught, len(window.read)))) for window in windows], places


def _limit(odds: Tensor, share: float) -> float:
    """What that share of the odds reaches."""
    return float(odds.quantile(1 - share)) if len(odds) else 0.0


class Trainer:
    """One run. `state` on disk holds everything a resumed run needs; it belongs to these settings and this `source`, what
    the run begins with. `seconds` is what all its parts took."""

    def __init__(
        self, model: SentenceTagger, settings: TrainingSettings, device: str, state: Path, source: dict[str, Any]
    ) -> None:
        self.device, self.state, self.settings = torch.device(device), state, settings
        network = {name: list(weight.shape) for name, weight in model.named_parameters()}
        self.told = {
            **asdict(settings),
            **source,
            "network": network,
            "loop": [PASSING, SIEVE_SHARE, SKIPPED, UNKNOWN],
        }
        _freeze(model)
        names = [n for n, p in model.named_parameters() if p.requires_grad]
        self.master = {
            n: p.detach().clone().float().to(self.device).requires_grad_()
            for n, p in model.named_parameters()
            if n in names
        }
        self.precision = "bf16" if device != "cpu" else fastest_float()
        self.model = model.place(self.device, self.precision).train()
        self.live = {n: p for n, p in self.model.named_parameters() if n in names}
        self._renew()
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=settings.weight_decay, fused=True)
        self.weights_of_labels = torch.ones(len(LABELS), device=self.device)
        self.weights_of_labels[NONE_AT] = settings.none_weight
        self.steps, self.seen, self.seconds, self.losses = 0, 0, 0.0, []  # type: ignore[var-annotated]

    def _groups(self) -> list[dict[str, object]]:
        head = [p for n, p in self.master.items() if not n.startswith("encoder.")]
        rest = [p for n, p in self.master.items() if n.startswith("encoder.")]
        return [{"params": head, "lr": self.settings.head_rate}, {"params": rest, "lr": self.settings.encoder_rate}]

    def run(self, source: Iterator[list[Example]]) -> None:
        """Train until `settings.tokens` tokens were seen; skips what a resumed run has already seen."""
        torch.manual_seed(self.settings.seed)
        first = list(islice(source, CENTER_BATCHES))
        source = chain(first, source)
        if not self._resume():
            self._center(first)
        done, start = self.steps, time.monotonic() - self.seconds
        with tqdm(total=self.settings.tokens, initial=self.seen, unit="tok", unit_scale=True, smoothing=0.05) as bar:
            for index, batch in enumerate(source):
                if index < done:
                    continue
                if self.seen >= self.settings.tokens:
                    break
                tokens = sum(len(e.window.ids) for e in batch)
                self.losses.append(self._step(batch))
                self.seen, self.steps = self.seen + tokens, self.steps + 1
                bar.update(tokens)
                bar.set_postfix(loss=f"{sum(self.losses[-50:]) / len(self.losses[-50:]):.4f}")
                self.seconds = time.monotonic() - start
                if self.steps % self.settings.checkpoint_every == 0:
                    self._save()

    def _step(self, batch: list[Example]) -> float:
        share = self.seen / self.settings.tokens
        for group, rate in zip(
            self.optimizer.param_groups, (self.settings.head_rate, self.settings.encoder_rate), strict=True
        ):
            group["lr"] = rate * _schedule(share, self.settings.warm_up)
        windows, labels = self._collate(batch), self._labels(batch)
        weight = self.weights_of_labels[labels[labels != IGNORED]].sum()  # what is stopped on the way counts as right
        loss = self._along(batch, windows, PASSING[self.steps % len(PASSING)])
        (loss / weight).backward()
        self._update()
        return float(loss.detach() / weight)

    def _along(self, batch: list[Example], windows: Batch, share: float) -> Tensor:
        """The loss of the sieves and the head, each on what those before let through: the first that share of the other sentences
        beside the notes."""
        states, loss = self.model.first(windows), torch.zeros((), device=self.device)
        for stage, sieve in enumerate(self.model.sieves, 1):
            logits = sieve(states, windows)
            loss = loss + SIEVE_SHARE * self._loss(logits, batch)
            batch, places = narrow(batch, odds_of(logits), share if stage == 1 else math.sqrt(share))
            windows, states = self._collate(batch), states[torch.tensor(places, device=self.device)]
            states = self.model.go_on(stage, states, windows)
        return loss + self._loss(self.model.head(states, windows), batch)

    def _collate(self, batch: list[Example]) -> Batch:
        return collate([e.window for e in batch]).to(self.device)

    def _labels(self, batch: list[Example]) -> Tensor:
        return torch.tensor([label for e in batch for label in e.labels], device=self.device)

    def _loss(self, logits: Tensor, batch: list[Example]) -> Tensor:
        """The sum over the sentences that are read on, each with its label's weight."""
        return nn.functional.cross_entropy(
            logits,
            self._labels(batch),
            self.weights_of_labels,
            ignore_index=IGNORED,
            label_smoothing=self.settings.label_smoothing,
            reduction="sum",
        )

    def _update(self) -> None:
        for name, parameter in self.live.items():
            self.master[name].grad = parameter.grad.float() if parameter.grad is not None else None
            parameter.grad = None
        nn.utils.clip_grad_norm_(self.master.values(), 1.0)
        self.optimizer.step()
        self._renew()

    @torch.no_grad()
    def _renew(self) -> None:
        for name, parameter in self.live.items():
            parameter.copy_(_as_read(name, self.master[name]))

    def weights(self) -> dict[str, Tensor]:
        """All weights as float32 on the CPU, made of the master copy where there is one."""
        state = {n: t.detach().cpu() for n, t in self.model.state_dict().items()}
        return {**state, **{n: _as_read(n, p.detach()).float().cpu() for n, p in self.master.items()}}

    def _save(self) -> None:
        self.state.parent.mkdir(parents=True, exist_ok=True)
        part = self.state.with_suffix(".part")
        torch.save(
            {
                "told": self.told,
                "precision": self.precision,
                "seconds": self.seconds,
                "master": self.master,
                "optimizer": self.optimizer.state_dict(),
                "steps": self.steps,
                "seen": self.seen,
                "losses": self.losses,
                "random": torch.get_rng_state(),  # of the CPU; a resumed run on a GPU hides and skips others than a straight one
                "heads": {n: t for n, t in self.model.named_buffers() if not n.startswith("encoder.")},
            },
            part,
        )
        part.replace(self.state)

    def _resume(self) -> bool:
        if not self.state.exists():
            return False
        saved = torch.load(self.state, map_location=self.device, weights_only=True)
        if saved.get("told") != self.told:
            raise SystemExit(f"{self.state} belongs to another run; delete it to start anew.")
        self.precision = saved["precision"]  # what is measured as the fastest may differ from run to run
        self.model.place(self.device, self.precision)
        with torch.no_grad():
            for name, tensor in saved["master"].items():
                self.master[name].copy_(tensor)
        self._renew()
        self.optimizer.load_state_dict(saved["optimizer"])
        self.model.load_state_dict(saved["heads"], strict=False)
        self.steps, self.seen, self.losses = saved["steps"], saved["seen"], saved["losses"]
        self.seconds = saved["seconds"]
        torch.set_rng_state(saved["random"].cpu())
        return True

    @torch.no_grad()
    def _center(self, batches: list[list[Example]]) -> None:
        """Take the mean and the spread of the base's features, so that a head starts on what differs among sentences.

        Heads that have them go on from trained weights.
        """
        heads = [*self.model.sieves, self.model.head]
        if all(head.center.any() for head in heads):
            return
        windows = [self._collate(b) for b in batches]
        states = [self.model.first(w) for w in windows]
        for stage, head in enumerate(heads, 1):
            if not head.center.any():
                seen = torch.cat([features(x, w) for x, w in zip(states, windows, strict=True)])
                spread, center = torch.std_mean(seen, 0)
                head.center.copy_(center)
                head.spread.copy_(spread.clamp(min=LEAST_SPREAD))
            if head is not self.model.head:
                states = [self.model.go_on(stage, x, w) for x, w in zip(states, windows, strict=True)]


def _freeze(model: SentenceTagger) -> None:
    """The word table has no weights to train; the positions and the first norm keep what the base knows of all languages."""
    for module in (model.encoder.positions, model.encoder.norm):
        module.requires_grad_(False)


def _as_read(name: str, weight: Tensor) -> Tensor:
    """A weight as the reading path has it: those of the encoder's products stand on a grid of integers there."""
    return on_grid(weight) if name.startswith("encoder.layers.") and weight.dim() == 2 else weight


def mean_of(first: dict[str, Tensor], second: dict[str, Tensor], share: float = 0.5) -> dict[str, Tensor]:
    """The mean of two networks' weights, as they are read, with that share of the second; the word table is the same in both."""
    trained = {name for name, weight in first.items() if weight.is_floating_point() and ".words." not in name}
    return {
        n: _as_read(n, first[n].float().lerp(second[n].float(), share)) if n in trained else first[n] for n in first
    }


def _schedule(share: float, warm_up: float) -> float:
    """Linear warm-up, then a cosine down to nothing."""
    if share < warm_up:
        return max(share / warm_up, 0.02)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (share - warm_up) / (1 - warm_up))))
