"""Figures of topics: counted row by row as defined, and skipped by name where a set is absent."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from nlp.quality.clusters import ISSUES, OUTLETS, bcubed, figures
from tests.nlp.test_topics import ICE, OIL


def put(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def test_bcubed_counts_every_row_within_its_topic_and_its_matter() -> None:
    precision, recall = bcubed(["a", "a", "a", "b"], ["1", "1", "2", "2"])
    assert precision.tolist() == [1.0, 1.0, 0.5, 0.5]
    assert recall == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1.0])


def test_absent_sets_give_no_figure(tmp_path: Path) -> None:
    assert figures(tmp_path) == []


def test_posts_are_judged_in_one_run_and_in_batches_without_those_of_loose_hashtags(tmp_path: Path) -> None:
    posts = [
        {"id": f"p{n}", "text": text, "cluster": matter, "cohesion": 0.5, "time": "2020/4/19 10:00"}
        for matter, texts in (("ice", ICE), ("oil", OIL))
        for n, text in enumerate(texts, 10 * len(matter) + ord(matter[0]))
    ]
    posts.append({"id": "loose", "text": ICE[0], "cluster": "loose", "cohesion": 0.01, "time": "0"})
    put(tmp_path, "clusters_hashtag_A", posts)
    once, batches, matters = figures(tmp_path)
    assert (once.rows, batches.rows, matters.rows) == (8, 8, 8)
    assert once.score == batches.score == matters.score == 1.0
    assert (once.floor, matters.floor) == (0.71, None)


def test_a_hashtag_that_names_an_outlet_is_no_matter(tmp_path: Path) -> None:
    matters = (("ice", ICE[0]), ("oil", OIL[0]))
    posts = [
        {"id": f"{cluster}{n}", "text": text, "cluster": cluster, "cohesion": 0.5, "time": "2020/4/19 10:00"}
        for n, (matter, text) in enumerate(matters)
        for cluster in (matter, OUTLETS[0])
    ]
    put(tmp_path, "clusters_hashtag_A", posts)
    once, _, named_no_outlet = figures(tmp_path)
    assert (once.rows, named_no_outlet.rows) == (4, 2)
    assert once.score < named_no_outlet.score == 1.0


def test_issues_are_judged_by_the_topic_that_has_most_of_their_messages(tmp_path: Path) -> None:
    ways = [
        "夜里机器轰鸣，粉尘很大，孩子睡不着",
        "百米外就是小学，扬尘污染严重，请环保部门查处",
        "运渣车吵得人精神崩溃",
    ]
    own = [f"丽发新城旁边建搅拌站，{way}" for way in ways]
    other = [
        f"伊景园滨河苑捆绑销售车位，广铁集团{way}" for way in ("强制十二万一个", "不买车位就取消购房资格", "不签合同")
    ]
    texts = [*own, f"丽发新城的搅拌厂，{ways[0]}", *other]
    rows = [{"id": n, "title": "", "text": text, "time": "2019-12-01 10:00:00"} for n, text in enumerate(texts)]
    put(tmp_path, "boards_fj3_messages", rows)
    found = {(figure.task.split("on ")[1], figure.metric): figure for figure in figures(tmp_path)}
    assert len(found) == 3 * len(ISSUES)
    concrete = ISSUES[0].name
    assert found[concrete, "recall"].score == found[concrete, "purity"].score == 1.0
    assert found[concrete, "recall"].rows == 3
    assert found[concrete, "purity by its words alone"].score == 0.75
