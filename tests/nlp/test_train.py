"""Training: the same models every time, and plain words about what it leaves alone."""

import hashlib
import json
from pathlib import Path

import pytest

from nlp.fit import FOLDS
from nlp.models import MODELS
from nlp.train import CORPUS, train
from nlp.training.corpus import Corpus
from nlp.training.relevance import BACKGROUND_WEIGHT, title_weights
from store.errors import BadInput


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fourth group of the corpus: enough to fit on, quick to fit."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("marine", "other"):
        rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
        groups = sorted({row["group"] for row in rows})[::4]
        kept = [json.dumps(row, ensure_ascii=False) for row in rows if row["group"] in groups]
        (folder / f"{name}.jsonl").write_text("\n".join(kept), "utf-8")
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.skops")}


def test_training_twice_gives_the_same_files_and_says_what_it_leaves_alone(small, tmp_path):
    said: list[str] = []
    for name in ("one", "two"):
        train(small, tmp_path / "nowhere", tmp_path / name, say=said.append)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert set(digests(tmp_path / "one")) == {"category.skops", "voice.skops", "stance.skops", "claim.skops"}
    assert any(line.startswith("left alone: relevance, emotion, rumour") for line in said)
    assert any("macro-F1" in line for line in said)
    assert FOLDS == 5


def test_a_title_about_nothing_of_the_sea_teaches_as_little_as_an_everyday_text() -> None:
    given = [("超市起火", False), ("海底捞涨价", False), ("渤海湾一货轮起火", True), ("渤海湾跨年晚会", False)]
    titles = Corpus.of([{"text": text, "relevant": relevant} for text, relevant in given])
    assert title_weights(titles).tolist() == pytest.approx([BACKGROUND_WEIGHT, BACKGROUND_WEIGHT, 1.0, 1.0])


def test_a_missing_corpus_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"marine.jsonl is missing"):
        train(tmp_path, tmp_path, tmp_path, say=print)


def test_the_model_card_tells_data_split_and_date() -> None:
    card = (MODELS / "README.md").read_text("utf-8")
    assert all(word in card for word in ("2026-11-25", "GroupKFold", "SMP2020-EWECT", "Weibo21", "macro-F1"))
