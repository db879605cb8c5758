"""What Django's admin shows of the rows, for the site in `support.site`."""

from support.admin import fleet, merchants, records, shipments, staff

__all__ = ["fleet", "merchants", "records", "shipments", "staff"]
