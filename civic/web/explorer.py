"""A small page at /graphql to try the API with. It needs no third party."""

from __future__ import annotations

from starlette.responses import Response

from civic import i18n
from civic.settings import settings


def page(language: str) -> Response:
    """The explorer in ``language``."""
    from civic.web.pages.templates import default_environment

    token = i18n.language.set(language)
    try:
        names = {
            "lang": language,
            "site": {"name": settings().name, "demo": settings().demo},
            "path": "/graphql",
        }
        html = default_environment().get_template("layout/explorer.html").render(names)
    finally:
        i18n.language.reset(token)
    return Response(
        html,
        headers={"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"},
        media_type="text/html",
    )
