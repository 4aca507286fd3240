"""The languages in which a report is told."""

from typing import Literal

Language = Literal["en", "fr"]
Words = dict[Language, str]
