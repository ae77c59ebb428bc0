import os

import pytest

from hpe.errors import UserError
from hpe.files.limits import check_memory


def test_a_file_larger_than_the_memory_is_one_line(monkeypatch):
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1 << 20}.__getitem__)
    check_memory(4 << 30, "a.npz")
    with pytest.raises(UserError, match=r"^a\.npz takes about 6 GiB of memory, this machine has 4: use a larger one"):
        check_memory(6 << 30, "a.npz")
