"""Finds the known answers to what people say: answers already given, ranked by how much of the text's weight they hold.

Score = sqrt(sum w(t) * tf/(tf+once) over the terms t that text and answer share, over the weight of the text's terms, times
length factor). w is a power of the inverse document frequency, smoothed with general Chinese; the length factor is
pivoted normalisation (Singhal, Buckley and Mitra 1996), at most 1. An answer that weighs less than the text is measured
in part by its own weight. The score of a long text is drawn from the whole and from its best sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nlp.answer_doubts import Found, doubts, reason
from nlp.answer_terms import LOW, Terms, Vocabulary, Weights
from nlp.answer_types import Answer, AnswerParameters, Heard, Match
from nlp.answer_wording import wordings
from nlp.features import word_share
from nlp.normalise import normalise

AT_ONCE = 256  # texts scored together: scores of 10,000 answers stay under 30 megabytes


class KnownAnswers:
    """The answers as an index; building it takes about 0.3 ms an answer."""

    def __init__(self, answers: Sequence[Answer], parameters: AnswerParameters | None = None) -> None:
        self.answers = sorted(answers, key=lambda answer: (str(answer.id), type(answer.id).__name__, answer.wording()))
        self.parameters = parameters or AnswerParameters.load()
        terms = Terms.of([normalise(answer.wording()) for answer in self.answers])
        self._vocabulary = Vocabulary.of(terms)
        counts = self._vocabulary.counts(terms)
        self._weights = self._weigh(counts)
        self._held = self._hold(counts)
        self._totals = np.asarray((counts > 0) @ self._weights).ravel()

    def _weigh(self, counts: Any) -> Weights:
        """One weight a column: rarity among the answers and in general Chinese, by the kind of term."""
        given = self.parameters
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        expected = given.prior_documents * self._vocabulary.general_shares()
        kinds = self._vocabulary.by_kind(character=given.character_weight, pair=1.0, word=given.word_weight)
        return kinds * self._rarity(frequency + expected)

    def _rarity(self, frequency: Weights) -> Weights:
        """Inverse document frequency to its power; `frequency` counts documents, those of general Chinese included."""
        held = len(self.answers) + self.parameters.prior_documents + 1.0
        return np.asarray(np.log(held / (frequency + 1.0)) ** self.parameters.rarity_power, dtype=np.float64)

    def _hold(self, counts: Any) -> Any:
        """How much of each term each answer holds, 0..1, its its length counted in: CSC of (n_terms, n_answers)."""
        given = self.parameters
        held = counts.copy()
        held.data = counts.data / (counts.data + given.once)
        squares = held.copy()
        squares.data = held.data**2
        lengths = np.sqrt(squares @ self._weights)
        headline = np.array([answer.is_headline(given) for answer in self.answers], dtype=bool)
        pivot = (
            float(np.quantile(lengths[~headline] if (~headline).any() else lengths, given.short_quantile))
            if len(lengths)
            else 1.0
        )
        factors = 1.0 / np.maximum(1.0, (1.0 - given.length_slope) + given.length_slope * lengths / (pivot or 1.0))
        factors[headline] *= given.headline_factor
        return held.multiply(factors[:, None]).T.tocsr()

    def find(self, texts: Sequence[Heard]) -> list[tuple[Match, ...]]:
        """For each text its known answers, the best first; empty where it shares no word with any.

        What is found for a text depends neither on the other texts nor on the order of the answers.
        """
        return [
            found for start in range(0, len(texts), AT_ONCE) for found in self._find(texts[start : start + AT_ONCE])
        ]

    def _find(self, texts: Sequence[Heard]) -> Iterator[tuple[Match, ...]]:
        asked = [wordings(text.text, self.parameters) for text in texts]
        scores = self._scores([wording for row in asked for wording in row])
        end = 0
        for text, row in zip(texts, asked, strict=True):
            start, end = end, end + len(row)
            yield self._matches(text, row, scores[start:end]) if row else ()

    def _scores(self, asked: Sequence[str]) -> Any:
        """Scores of shape (n_asked, n_answers)."""
        if not asked or not self.answers:
            return np.zeros((len(asked), len(self.answers)))
        terms = Terms.of(asked)
        wanted = self._vocabulary.counts(terms)
        wanted.data = self._weights[wanted.indices] * 2.0 * wanted.data / (wanted.data + 1.0)
        totals = (np.asarray(wanted.sum(axis=1)).ravel() + self._unknown(terms))[:, None]
        short = self.parameters.short_answer
        measured = np.where(self._totals < totals, short * self._totals + (1.0 - short) * totals, totals)
        return np.sqrt((wanted @ self._held).toarray() / np.maximum(measured, np.finfo(float).tiny))

    def _unknown(self, terms: Terms) -> Weights:
        """Weight of each text's characters and words that no answer holds: a text of other matters scores low."""
        given = self.parameters
        new = np.isin(terms.keys, self._vocabulary.keys, invert=True) & (terms.keys <= LOW)
        characters = zip(terms.rows[new].tolist(), map(chr, terms.keys[new].tolist()), strict=True)
        pairs = zip(terms.word_rows.tolist(), terms.words, strict=True)
        words = [(row, word) for row, word in pairs if word not in self._vocabulary.words]
        totals = np.zeros(terms.n_texts)
        for weight, found in ((given.character_weight, set(characters)), (given.word_weight, set(words))):
            if ordered := sorted(found):  # in order, so that sums come out alike every time
                shares = np.array([word_share(term) for _, term in ordered])
                np.add.at(totals, [row for row, _ in ordered], weight * self._rarity(given.prior_documents * shares))
        return totals

    def _matches(self, text: Heard, asked: Sequence[str], scores: Any) -> tuple[Match, ...]:
        """The best answers of one text, each with the wording it fits best; of equals the first by id.

        Several records of one id count as one answer.
        """
        wording = scores.argmax(axis=0)
        told = self.parameters.sentence_share
        best = told * scores[1:].max(axis=0) + (1.0 - told) * scores[0] if len(scores) > 1 else scores[0]
        found: dict[tuple[str, int | str], Found] = {}
        for number in np.argsort(-best, kind="stable").tolist():
            answer = self.answers[number]
            if len(found) == self.parameters.matches or best[number] <= 0.0:
                break
            key = (type(answer.id).__name__, answer.id)
            found.setdefault(key, Found(text, asked[wording[number]], answer, min(1.0, float(best[number]))))
        ranked = tuple(found.values())
        return tuple(self._match(place, ranked) for place in range(len(ranked)))

    def _match(self, place: int, found: Sequence[Found]) -> Match:
        given, one = self.parameters, found[place]
        if one.score < given.suggest:
            return Match(one.answer.id, round(one.score, 4), False, False, False, reason(one, ()))
        open_questions = doubts(one, given)
        leads = place == 0 and self._rival(found) <= given.lead * one.score
        fits = one.score >= given.sure and not open_questions
        return Match(one.answer.id, round(one.score, 4), True, fits, fits and leads, reason(one, open_questions))

    def _rival(self, found: Sequence[Found]) -> float:
        """The score of the best answer that says something else than the first; 0.0 when there is none."""
        first = normalise(found[0].answer.says())
        return next((other.score for other in found[1:] if normalise(other.answer.says()) != first), 0.0)
