"""Keywords: telling words first, no stop words, no part of another, the same every time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.keywords import KeywordParameters, keywords, stop_words, top_words, worth
from nlp.reading import read


def of(text: str) -> tuple[str, ...]:
    reading = read(text)
    return keywords(reading.words, reading.hits)


def test_the_who_and_the_what_come_before_everyday_words() -> None:
    found = of("昨天下午我们看到北海救助局的船在曹妃甸外面打捞浒苔，工作人员说这个情况很多")
    assert {"浒苔", "曹妃甸"} <= set(found)
    assert any("救助局" in word for word in found)
    assert not set(found) & {"我们", "下午", "情况", "很多", "工作人员"}


def test_stop_words_numbers_and_guards_tell_nothing() -> None:
    assert worth("我们") == worth("一百二十七") == worth("港") == worth("!!") == 0.0
    assert worth("三亚") > 0.0  # a place, though it begins like a number
    assert worth("海水淡化") > worth("自来水") > 0.0
    assert "请问" in stop_words()


def test_keywords_do_not_repeat_parts_of_each_other_and_weigh_something() -> None:
    assert top_words({"海水淡化": 3.0, "淡化": 2.0, "水价": 1.0, "的话": 0.0}, 3) == ("海水淡化", "水价")


def test_a_text_of_nothing_has_no_keywords() -> None:
    assert of("") == of("哈哈哈！！！") == of("他说的这个那个") == ()


@settings(deadline=None)  # the first call loads the lists
@given(st.text(alphabet="海水淡化赤潮风暴塘沽港口鱼价的了吗，。！#12ab", max_size=60))
def test_keywords_are_few_whole_words_of_the_text(text):
    found = of(text)
    assert len(found) <= KeywordParameters.load().most
    assert len(set(found)) == len(found)
    assert found == of(text)
    plain = read(text).plain
    assert all(word in plain for word in found)
