"""The normal form: one width, one script, nothing invisible, and stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import normalise, own_words, without_markup

PIECES = st.lists(
    st.sampled_from(
        ["T_T", "^_^", "(^_^)", "=_=", ">_<", "(╯°□°)╯︵ ┻━┻", "[微笑R]", "R]", "👍🏻", "a", "_", "^", "T", " ", "\n", "//@甲:", "＃", "#",
         "赤潮", "http://t.cn/a=_=b", "@海", "回复@乙:", "网页链接", "颱風", "！", "\u200b", "(", ")", "·", "乾"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
CHINESE = PIECES | st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"])
    | st.sampled_from("颱風來襲乾隆瞭望　！ＡＢ<>＜/\u200b\r\n \t")
)


@given(CHINESE)
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(CHINESE)
def test_taking_markup_out_leaves_a_normal_form(text):
    plain = without_markup(text)
    assert normalise(plain) == plain


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("颱風來襲", "台风来袭"),
        ("ＡＢＣ１２３！", "ABC123!"),
        ("赤\u200b潮\ufeff来\u00ad了", "赤潮来了"),
        ("  两　个 空格\r\n\r\n 一段 ", "两 个 空格\n一段"),
        ("乾隆瞭望", "乾隆瞭望"),  # words keep characters that look traditional
        ("", ""),
        ('好<img alt=[泪]src="https://h5.example/d_lei.png"style="width:1em;"/>难', "好[泪]难"),  # an emoticon's image
        ("<b>赤潮</b>，水温<5度，3<5>2，x<y z>2", "赤潮,水温<5度,3<5>2,x<y z>2"),  # tags go, comparisons stay
        ("<<b>b>潮" + "<a" * 9 + ">" * 9, "潮aaaaaa>>>>>>"),  # nested deeper than any page
        ("哭了T_T", "哭了[泪]"),
        ("(^_^)开心 (╯°□°)╯︵ ┻━┻", "[嘻嘻]开心 [怒]"),
        ("https://a.cn/x=_=y 和 T_Table", "https://a.cn/x=_=y 和 T_Table"),
        ("[微笑R][愛你]👍🏻", "[微笑][爱你]👍"),
    ],
)
def test_text_is_brought_into_normal_form(written, normal):
    assert normalise(written) == normal


def test_markup_goes_and_the_words_of_hashtags_and_reposts_stay() -> None:
    text = "真的吗//@张三:转一下//@海_河: #天津赤潮#又来了 https://t.cn/A6xyz快看 @李四 怎么办"
    assert without_markup(text) == "真的吗 转一下 天津赤潮 又来了 快看 怎么办"


def test_a_link_ends_where_chinese_begins() -> None:
    assert without_markup("见http://example.com/a?b=1，详情") == "见 ,详情"


def test_the_last_writer_of_a_repost_chain_is_heard_alone() -> None:
    assert own_words("别信//@甲:海鲜有毒//@乙:快转") == "别信"
    assert own_words("没有转发") == "没有转发"


def test_what_sites_leave_behind_goes_and_open_hashtags_keep_their_words() -> None:
    assert without_markup("回复@海哥:海挡裂了 O网页链接 展开全文c") == "海挡裂了"
    assert without_markup("#天津赤潮[超话]# #塘沽 今天的海 L海河之声的微博视频") == "天津赤潮 塘沽 今天的海"
