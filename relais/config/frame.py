"""What every page shows around its content: the rooms of the role, the bodies of the person."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {}
