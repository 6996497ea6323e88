"""Many models at once say what each says alone."""

import numpy as np

from nlp.annotate import NAMES
from nlp.models import load
from nlp.panel import Panel
from nlp.reading import batch, read_all

TEXTS = [
    "塘沽沿海风暴潮橙色警报，大家别去海边！！！",
    "",
    "今晚的火锅真好吃",
    "北塘海鲜有毒，快转发 http://t.cn/abc",
    "啊啊啊啊",
]


def test_a_panel_says_what_its_models_say() -> None:
    models = {name: load(name) for name in NAMES}
    numbers = batch(read_all(TEXTS))
    together = Panel(models).probabilities(numbers)
    assert list(together) == list(NAMES)
    for name, model in models.items():
        np.testing.assert_allclose(together[name], model.probabilities(numbers), atol=1e-5)


def test_a_text_is_judged_alike_alone_and_among_others() -> None:
    panel = Panel({name: load(name) for name in ("emotion", "rumour")})
    together = panel.probabilities(batch(read_all(TEXTS)))
    for row, text in enumerate(TEXTS):
        alone = panel.probabilities(batch(read_all([text])))
        for name, found in alone.items():
            np.testing.assert_allclose(found[0], together[name][row], atol=1e-6)
