"""What every class of the administration shares: the role's rights, its rows, and the log."""

import uuid
from typing import Any, ClassVar, NoReturn, Protocol, cast

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm, Widget
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from proms import access
from proms.commissions import StaffRequest
from proms.models import AccessEvent
from proms.models.scope import Scope


class Site(Protocol):
    """What the site decides (config.permissions): this package only asks."""

    def allowed(self, request: HttpRequest, model: type[Model]) -> frozenset[str]: ...

    def administers(self, request: HttpRequest, model: type[Model]) -> bool: ...


class Guarded:
    """Rights by account and commission, and rows within the commission's reach."""

    model: type[Model]
    admin_site: Any

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "view" in self._allowed(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "add" in self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "change" in self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "delete" in self._allowed(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self._allowed(request))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer only rows that whoever asks may see."""
        model = db_field.remote_field.model
        kwargs.setdefault("queryset", self._visible(request, model._default_manager.all()))
        chosen = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        return cast(ModelChoiceField | None, chosen)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> NoReturn:
        """Answer as to any address that is not there, instead of leading back with a message."""
        raise Http404

    def _allowed(self, request: HttpRequest) -> frozenset[str]:
        return cast(Site, self.admin_site).allowed(request, self.model)

    def _visible(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows in reach: all of what belongs to nobody or is administered."""
        site, model = cast(Site, self.admin_site), queryset.model
        belongs = getattr(model, "scope", Scope()) != Scope()
        if not belongs or site.administers(request, model):
            return queryset
        return access.visible_to(cast(StaffRequest, request).commission, queryset)


class LabelledFormSet(BaseInlineFormSet):
    """Rows whose inputs each carry their column's name: a table's heading is no label."""

    def add_fields(self, form: "ModelForm[Any]", index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # A foreign key's select stands inside a wrapper with links to add and to change.
            drawn = cast(Widget, getattr(field.widget, "widget", field.widget))
            drawn.attrs.setdefault("aria-label", str(field.label or ""))


class Inline(Guarded, admin.TabularInline):
    formset = LabelledFormSet
    extra = 0
    show_change_link = False


class ScopedAdmin(Guarded, admin.ModelAdmin):
    """The base of every list and form: another place's row is not there, whatever its id."""

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self._visible(request, super().get_queryset(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Head a list by what is in it, not by an order to choose."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class ReadOnly:
    """Rows of fact: seen, never touched."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PatientsRow(ReadOnly, ScopedAdmin):
    """A row about one patient: its list shows no health fact, and opening it is logged."""

    kind: ClassVar[str]

    @admin.display(description=_("row"), ordering="pk")
    def row(self, row: Any) -> str:
        """Enough of the row's id to tell it from the others of a list."""
        return str(row.pk)[:8]

    def patient_of(self, row: Any) -> uuid.UUID:
        patient: uuid.UUID = row.patient_id
        return patient

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any | None:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            access.log(
                cast(StaffRequest, request).actor,
                activity=AccessEvent.Activity.READ,
                kind=self.kind,
                patients=[self.patient_of(row)],
                now=timezone.now(),
            )
        return row
