"""Bytes flipped and cut at random, seeded: a file is read as it was, refused, or read with a problem named."""

import random

import pytest
from builders_intake import filled_book, read, save
from test_metamorphic import PLAIN, answers

from cartaudit.model.submission import Rejected

DATA = save(filled_book())
RUNS = 60


def damaged(seed: int) -> bytes:
    chance = random.Random(seed)
    data = bytearray(DATA)
    if seed % 3 == 0:
        return bytes(data[: chance.randrange(1, len(data))])
    for _ in range(chance.choice((1, 2, 8))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("batch", range(6))
def test_a_damaged_file_is_never_wrong_and_silent(batch: int) -> None:
    for seed in range(batch * RUNS // 6, (batch + 1) * RUNS // 6):
        outcome = read(damaged(seed))
        if not isinstance(outcome, Rejected) and not outcome.problems:
            assert answers(outcome) == PLAIN, seed


def test_a_damaged_text_inside_the_archive_is_never_a_crash() -> None:
    from builders_faults import CHAIN, archive, parts_of

    parts = parts_of(DATA)
    original = parts[CHAIN]
    for seed in range(40):
        chance = random.Random(seed)
        content = bytearray(original)
        for _ in range(3):
            content[chance.randrange(len(content))] = chance.randrange(32, 127)
        parts[CHAIN] = bytes(content)
        outcome = read(archive(parts))
        record = outcome.record
        assert record.cells_used + record.cells_structural + record.cells_ignored == record.cells_in_file, seed
