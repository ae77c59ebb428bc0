import hashlib

import pytest

from hpe.errors import UserError
from hpe.files.hashes import file_hash


def test_file_hash(tmp_path):
    path = tmp_path / "last.ckpt"
    path.write_bytes(b"weights")
    assert file_hash(path) == hashlib.sha256(b"weights").hexdigest()


def test_the_hash_of_a_missing_file_names_it(tmp_path):
    with pytest.raises(UserError, match=r"last\.ckpt"):
        file_hash(tmp_path / "last.ckpt")
