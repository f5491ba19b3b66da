"""Answers as they are given: the working copy, until they are copied into the record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.occasion import Occasion


class AnswerQuerySet(models.QuerySet["Answer"]):
    def current(self) -> "AnswerQuerySet":
        """The answers that stand, without those that were replaced."""
        return self.filter(replaced_at=None)


class Answer(models.Model):
    """One answer to one item. A new answer replaces it as a new row; nothing is overwritten."""

    occasion = models.ForeignKey(Occasion, models.CASCADE, related_name="answers")
    instrument = models.CharField(max_length=60)
    item = models.CharField(max_length=40)
    revision = models.PositiveSmallIntegerField()
    value = models.JSONField(help_text="The option's code, a number, a text, or null if skipped.")
    language = models.CharField(max_length=10)
    level = models.CharField(max_length=10)
    session = models.CharField(max_length=64)
    answered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                name="surveys_answer_one_per_revision",
                fields=["occasion", "instrument", "item", "revision"],
            ),
            models.UniqueConstraint(
                name="surveys_answer_one_current",
                fields=["occasion", "instrument", "item"],
                condition=Q(replaced_at=None),
            ),
            models.CheckConstraint(
                name="surveys_answer_known_level",
                condition=Q(level__in=["link", "code", "strong"]),
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"
