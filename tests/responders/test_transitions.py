"""The transition table walked at random: no path reaches RELEASED without a second pair of eyes on exactly that text."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from django.contrib.auth.models import Group, User
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from responders.approve import approve
from responders.edit import edit
from responders.release import release
from responders.return_ import return_
from responders.roles import Role, Verb, ensure_roles
from responders.submit import submit
from responders.supersede import supersede
from responders.withdraw import withdraw
from store import audit
from store.errors import NotAllowed
from store.models import AuditRow, Case, Draft, Release
from store.models.drafts import DraftStatus
from tests.responders.conftest import NOW, make_draft

VERBS = [verb for verb in Verb if verb is not Verb.CORRECT]
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 3)), max_size=25)


def run(verb: Verb, draft: Draft, actor: User, other: Draft, step: int) -> None:
    """Do one verb, through its own function only."""
    deeds: dict[Verb, Callable[[], object]] = {
        Verb.EDIT: lambda: edit(draft.pk, actor, draft.text_hash, title="题", body=f"第{step}稿", now=NOW),
        Verb.SUBMIT: lambda: submit(draft.pk, actor, now=NOW),
        Verb.APPROVE: lambda: approve(draft.pk, actor, draft.text_hash, now=NOW),
        Verb.RETURN: lambda: return_(draft.pk, actor, "理由", now=NOW),
        Verb.RELEASE: lambda: release(draft.pk, actor, now=NOW),
        Verb.WITHDRAW: lambda: withdraw(draft.pk, actor, "理由", now=NOW),
        Verb.SUPERSEDE: lambda: supersede(draft.pk, other, actor, now=NOW),
    }
    deeds[verb]()


class WalkTheTable(TestCase):
    """Four people who hold every role, so that only the rules about persons and texts stop them."""

    @settings(max_examples=60, deadline=None)
    @given(STEPS)
    def test_nothing_is_released_without_a_second_person_and_every_act_leaves_its_row(
        self, steps: list[tuple[Verb, int]]
    ) -> None:
        ensure_roles()
        people = [User.objects.create_user(f"p{n}") for n in range(4)]
        for one in people:
            one.groups.set(Group.objects.exclude(name=Role.READER.value))
        case = Case.objects.create(key="k", title="t", rule="r", reason="", opened_at=NOW)
        draft, other = make_draft(case), make_draft(case)
        acts = []
        for number, (verb, who) in enumerate(steps):
            draft.refresh_from_db()
            was = draft.status
            with contextlib.suppress(NotAllowed):
                run(verb, draft, people[who], other, number)
                acts.append(verb.value)
                draft.refresh_from_db()
                self.check(draft, verb, was)
        rows = AuditRow.objects.filter(object_id=str(draft.pk)).order_by("number")
        assert [row.verb for row in rows] == acts
        assert audit.verify() == []
        assert Release.objects.count() == acts.count("release") <= 1

    def check(self, draft: Draft, verb: Verb, was: str) -> None:
        if verb is Verb.EDIT:
            assert draft.status == DraftStatus.DRAFT
            assert draft.approved_by is None
        if draft.status == DraftStatus.RELEASED:
            assert was in (DraftStatus.APPROVED, DraftStatus.RELEASED)
            assert draft.approved_by_id not in (None, draft.author_id, draft.last_editor_id, draft.submitted_by_id)
            assert draft.approved_hash == draft.text_hash
