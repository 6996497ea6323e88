"""Title, sentence and keywords of a topic come from its documents, word for word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nlp.sentences import sentences
from nlp.summary import TopicText, summarise

AT = datetime(2026, 1, 20, tzinfo=UTC)
NEWS = TopicText(
    id=1,
    title="钓友在高沙岭海面发现油污带，海事部门介入",
    text="渤海湾新闻网讯（记者 柳佳宁）20日清晨，多名钓友在高沙岭海面发现油污带，海事部门派艇取样。围观的人不少。",
    published_at=AT,
    origin="news",
)
POST = TopicText(
    id=2, title="", text="高沙岭海面全是油污！谁漏的？海事来人了吗？", published_at=AT + timedelta(hours=1)
)
LATER = TopicText(
    id=3,
    title="",
    text="【高沙岭油污缩小】海事部门在高沙岭海面清理油污，油污带缩小。",
    published_at=AT + timedelta(hours=2),
)
ASIDE = TopicText(id=4, title="求助", text="明天有人一起去看电影吗？票还多一张。", published_at=AT + timedelta(hours=3))


def test_the_title_and_the_sentence_are_taken_from_the_documents() -> None:
    found = summarise([POST, NEWS, LATER, ASIDE])
    assert found is not None
    assert found.title == NEWS.title
    assert found.title_document == found.sentence_document == 1
    assert found.sentence in NEWS.text
    assert found.sentence.startswith("20日清晨")


def test_the_keywords_are_what_most_documents_speak_of() -> None:
    found = summarise([POST, NEWS, LATER, ASIDE])
    assert found is not None
    assert found.keywords[0] == "高沙岭"
    assert "电影" not in found.keywords


def test_posts_alone_give_their_headline_or_their_words() -> None:
    found = summarise([POST, LATER])
    assert found is not None
    assert found.title == "高沙岭油污缩小"
    alone = summarise([POST])
    assert alone is not None
    assert alone.title in POST.text


def test_a_long_title_is_cut_with_a_mark() -> None:
    found = summarise([TopicText(id=1, title="海" * 90, text="风暴潮来了。", published_at=AT)])
    assert found is not None
    assert len(found.title) == 60
    assert found.title.endswith("…")


def test_a_text_without_sentences_is_still_named() -> None:
    found = summarise([TopicText(id=1, title="", text="👍", published_at=AT)])
    assert found is not None
    assert found.title == found.sentence == "👍"
    assert found.keywords == ()


def test_nothing_has_no_summary_and_order_changes_nothing() -> None:
    assert summarise([]) is None
    assert summarise([NEWS, POST, LATER]) == summarise([LATER, NEWS, POST])


def test_sentences_lose_dateline_links_and_names() -> None:
    text = "津沽晚讯报道 22日中午，渔船返港。渔民说：“没事！”\n本网讯 详见 https://a.example/1 @某某 谢谢。"
    assert sentences(text)[0] == "22日中午，渔船返港。"
    assert all("@" not in s and "http" not in s and "本网讯" not in s for s in sentences(text))
