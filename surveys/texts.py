"""What invitations and reminders say, in the patient's language."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.content import Content, Sender
from proms.models import Unit
from surveys.models import Occasion
from surveys.plan import Plan


def inbox(occasion: Occasion, *, is_reminder: bool, link: str) -> Content:
    """Return a message for the 1177 inbox: unit, purpose, use of the answers and contact.

    Only its receiver reads it, after a strong login, so it may name the register.
    """
    enrolment = occasion.enrolment
    plan, unit = enrolment.survey_version.plan, enrolment.event.unit
    language = plan.language_for(enrolment.patient.language)
    with override(language):
        paragraphs = [
            _("%(unit)s would like to know how you are.") % {"unit": unit.name},
            _(
                "You get this message because you have been treated at the unit. Your answers are "
                "used to follow how patients are and to make care better."
            ),
            _uses(plan, register=enrolment.survey_version.survey.register.name),
            _("You choose whether to answer. You can stop and go on later."),
            _contact(unit),
        ]
        subject = (
            _("Reminder: questions about your health")
            if is_reminder
            else _("Questions about your health")
        )
        return Content(
            subject=subject,
            text="\n\n".join(paragraphs),
            sender=_sender(unit),
            link=link,
            link_text=_("Answer the questions"),
        )


def email(occasion: Occasion, *, is_reminder: bool, link: str) -> Content:
    """Return an e-mail: an open channel, so it tells neither register, survey nor health."""
    enrolment = occasion.enrolment
    unit = enrolment.event.unit
    language = enrolment.survey_version.plan.language_for(enrolment.patient.language)
    with override(language):
        opening = (
            _("You have questions to answer, and can still do so.")
            if is_reminder
            else _("You have questions to answer from your care provider.")
        )
        closing = _("The link is yours alone: do not forward this message.")
        return Content(
            subject=_("You have questions to answer"),
            text=f"{opening} {closing}",
            sender=_sender(unit),
            link=link,
            link_text=_("Open the questions:"),
        )


def words_for_open_channels_to_refuse(occasion: Occasion) -> list[str]:
    """Return the names that an e-mail or SMS on this occasion may not hold."""
    version, unit = occasion.enrolment.survey_version, occasion.enrolment.event.unit
    names = [version.survey.register.name, *version.plan.names.values()]
    return [*names, unit.name] if unit.name_is_sensitive else names


def _uses(plan: Plan, *, register: str) -> str:
    uses = {
        "care": _("The answers go to your clinic."),
        "register": _("The answers go to the quality register %(register)s."),
        "both": _("The answers go to your clinic and to the quality register %(register)s."),
    }
    return uses[plan.role] % {"register": register}


def _contact(unit: Unit) -> str:
    if unit.phone_hours:
        return _("Questions? Call %(unit)s, %(phone)s (%(hours)s).") % {
            "unit": unit.name,
            "phone": unit.phone,
            "hours": unit.phone_hours,
        }
    return _("Questions? Call %(unit)s, %(phone)s.") % {"unit": unit.name, "phone": unit.phone}


def _sender(unit: Unit) -> Sender:
    return Sender(
        unit_id=unit.hsa_id,
        unit_name=unit.name,
        phone=unit.phone,
        address=unit.street,
        postal_code=unit.postal_code,
        city=unit.city,
    )
