"""The words that spoke for and against: the model's own weights, exact and readable."""

import numpy as np
import pytest

from nlp.explain import character_shares, explain
from nlp.models import LinearModel, load
from nlp.reading import batch, read

ALARM = "紧急扩散！塘沽的毛蚶有毒，已有三人死亡，请转发给家人！！"  # spread at once, cockles are poisonous, three dead
NOTICE = "【风暴潮蓝色警报】据天津市海洋预报台消息，预计今天夜间塘沽站将出现达到蓝色警戒潮位的高潮位。（记者李琦）"


@pytest.fixture(scope="module")
def rumour() -> LinearModel:
    return load("rumour")


@pytest.mark.parametrize("text", [ALARM, NOTICE, "海", "", "A b  c!"])
def test_the_shares_of_all_characters_add_up_to_what_the_n_grams_say(rumour: LinearModel, text: str) -> None:
    reading = read(text)
    numbers = batch([reading])
    margin = (rumour.scores(numbers) - rumour.besides(numbers))[0, 0] * rumour.calibration[0, 0]
    assert character_shares(rumour, reading, 0).sum() == pytest.approx(margin, abs=1e-4)


def test_an_alarm_is_explained_by_its_calls_and_a_notice_by_its_source(rumour: LinearModel) -> None:
    called = "".join(run.words for run in explain(rumour, read(ALARM)).speaks_for)
    assert "转发" in called
    sourced = "".join(run.words for run in explain(rumour, read(NOTICE)).speaks_against)
    assert "据" in sourced


def test_runs_stand_in_the_text_apart_and_in_order_of_weight(rumour: LinearModel) -> None:
    reading = read(ALARM + NOTICE)
    found = explain(rumour, reading)
    runs = [*found.speaks_for, *found.speaks_against]
    assert all(reading.whole[run.start : run.end] == run.words for run in runs)
    places = np.concatenate([np.arange(run.start, run.end) for run in runs])
    assert len(places) == len(set(places.tolist()))
    weights = [run.weight for run in found.speaks_for]
    assert weights == sorted(weights, reverse=True)
    assert found == explain(rumour, read(ALARM + NOTICE))


def test_links_and_names_are_never_shown(rumour: LinearModel) -> None:
    found = explain(rumour, read("有毒！转发@李四 看 https://t.cn/A6xyz //@王五:真的吗"), most=50)
    shown = " ".join(run.words for run in (*found.speaks_for, *found.speaks_against))
    assert not any(part in shown for part in ("李四", "t.cn", "http", "王五"))


def test_each_label_has_its_own_reasons_and_a_foreign_one_is_refused() -> None:
    emotion, text = load("emotion"), read("海边日出太美了，开心！")
    assert "开心" in "".join(run.words for run in explain(emotion, text, "happy").speaks_for)
    assert explain(emotion, text, "happy") != explain(emotion, text, "angry")
    with pytest.raises(ValueError, match="bored"):
        explain(emotion, text, "bored")


def test_a_text_without_letters_has_no_reasons(rumour: LinearModel) -> None:
    assert explain(rumour, read("")).speaks_for == ()
    assert explain(rumour, read("，，。")).speaks_against == ()
