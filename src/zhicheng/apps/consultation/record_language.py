"""Letters, lists and the trail are written in the city's own language, whatever language their writer reads pages in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

Given = ParamSpec("Given")
Made = TypeVar("Made")


def in_record_language(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a function with the language of the deployment instead of the language of the page."""

    @wraps(function)
    def written(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with translation.override(settings.LANGUAGE_CODE):
            return function(*args, **kwargs)

    return written
