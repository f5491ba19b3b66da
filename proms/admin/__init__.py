"""The administration of proms, together, as Django looks for it."""

from proms.admin import instruments, log, organisation, patients, staff

__all__ = ["instruments", "log", "organisation", "patients", "staff"]
