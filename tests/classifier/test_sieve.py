"""The sieve reads a long page in parts, and finds in each what it finds in the whole."""

from __future__ import annotations

import pytest
import torch
from telltale.classifier import sieve
from telltale.classifier.pack import PAD
from telltale.classifier.sieve import FILTERS, WIDTH, Sieve
from telltale.classifier.words import WordTable
from torch.nn.functional import conv1d

PIECES, HIDDEN, LABELS = 80, 64, 5


@pytest.fixture
def words() -> WordTable:
    torch.manual_seed(1)
    table = WordTable(PIECES, HIDDEN)
    table.halves.random_(0, 256)
    table.scales.uniform_(0.001, 0.02)
    return table


def sentences(count: int) -> list[list[int]]:
    return [torch.randint(4, PIECES, (1 + i % 30,)).tolist() for i in range(count)]


@torch.inference_mode()
def test_parts_change_nothing(words, monkeypatch):
    net, given = Sieve(HIDDEN, LABELS).eval(), sentences(100)
    whole = net(words, given)
    for most in (1, 7, 64, 1000):
        monkeypatch.setattr(sieve, "MOST_PIECES", most)
        torch.testing.assert_close(net(words, given), whole)


@torch.inference_mode()
def test_a_huge_page_is_never_spread_out_at_once(words, monkeypatch):
    seen: list[int] = []
    monkeypatch.setattr(words, "forward", lambda ids, plain=words.forward: seen.append(len(ids)) or plain(ids))
    Sieve(HIDDEN, LABELS).eval()(words, sentences(3000))
    assert len(seen) > 10
    assert max(seen) < 2 * sieve.MOST_PIECES  # with the gaps between sentences


@torch.inference_mode()
def test_a_sentence_is_what_the_strongest_of_its_convolutions_make_of_it(words):
    net, given = Sieve(HIDDEN, LABELS).eval(), sentences(12)
    kernel = net.filters.weight.view(FILTERS, WIDTH, HIDDEN).transpose(1, 2)
    for sentence, logits in zip(given, net(words, given), strict=True):
        vectors = words(torch.tensor([PAD, *sentence, PAD, PAD, PAD])).float().T
        # A place is counted where it holds a piece of the sentence; what follows the last is the next one's first.
        inner = torch.relu(conv1d(vectors[:, : len(sentence) + 2], kernel, net.filters.bias)).amax(1)
        alone = net(words, [sentence])[0]
        torch.testing.assert_close(net.head(torch.maximum(inner, _edges(net, words, sentence))), alone)
        assert logits.shape == alone.shape


def _edges(net, words, sentence):
    """The places at the end of a sentence that stands alone, which see padding only behind them."""
    kernel = net.filters.weight.view(FILTERS, WIDTH, HIDDEN).transpose(1, 2)
    vectors = words(torch.tensor([*sentence[-1:], PAD, PAD, PAD])).float().T
    return torch.relu(conv1d(vectors, kernel, net.filters.bias)).amax(1)
