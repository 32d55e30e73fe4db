"""The page engine: a GraphQL document and a template make a page. See docs/pages.md."""

from civic.web.pages.engine import Pages

__all__ = ["Pages"]
