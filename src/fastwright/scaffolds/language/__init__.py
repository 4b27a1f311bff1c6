"""The field language: `title:str{200}`, `author:ref[users]?`, `status:enum{draft,live}=draft`."""

from fastwright.scaffolds.language.parsing import parse, parse_all
from fastwright.scaffolds.language.spelling import spell

__all__ = ["parse", "parse_all", "spell"]
