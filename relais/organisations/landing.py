"""Where a member arrives in a body."""

from django.urls import NoReverseMatch, reverse


def landing_url(slug: str) -> str:
    """The page of what is to do, or the directory where no room offers one."""
    try:
        return reverse("todo", kwargs={"organisation": slug})
    except NoReverseMatch:
        return reverse("body-list", kwargs={"organisation": slug})
