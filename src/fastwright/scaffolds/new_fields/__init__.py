"""Fields that domains get later, for projects that `fastwright new` makes."""

from fastwright.scaffolds.new_fields.adding import add_field

__all__ = ["add_field"]
