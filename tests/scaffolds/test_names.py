"""The names of domains and fields, in all their forms."""

import pytest

from fastwright.errors import ImpossibleNameError
from fastwright.scaffolds import names

ENTITIES = {
    "posts": "post",
    "blog_posts": "blog_post",
    "categories": "category",
    "heroes": "hero",
    "todos": "todo",
    "people": "person",
    "children": "child",
    "mice": "mouse",
    "viruses": "virus",
    "addresses": "address",
    "menus": "menu",
    "lenses": "lens",
    "shelves": "shelf",
    "quizzes": "quiz",
    "caches": "cache",
    "houses": "house",
    "criteria": "criterion",
}
REFUSED = {
    "comment": "comments",
    "blogPost": "blog_posts",
    "Comments": "comments",
    "order-lines": "order_lines",
    "2nd posts": "nd_posts",
    "status": "custom_statuses",
    "media": "medias",
    "address": "addresses",
    "bus": "buses",
    "person": "people",
    "news": "news_items",
    "series": "series_items",
    "equipment": "equipment_items",
    "types": "custom_types",
    "classes": "custom_classes",
    "fields": "custom_fields",
    "x" * 40 + "s": None,
    "日本": None,
    "": None,
}


@pytest.mark.parametrize(("domain", "entity"), ENTITIES.items())
def test_a_domain_is_named_in_the_plural_and_its_things_in_the_singular(
    domain: str, entity: str
) -> None:
    assert names.entity_of(domain) == entity
    assert names.plural(domain) == domain
    assert names.singular(entity) == entity


@pytest.mark.parametrize(("domain", "suggestion"), REFUSED.items())
def test_another_name_is_refused_with_the_nearest_possible_one(
    domain: str, suggestion: str | None
) -> None:
    with pytest.raises(ImpossibleNameError) as refused:
        names.entity_of(domain)
    assert refused.value.suggestion == suggestion
    if suggestion:
        names.entity_of(suggestion)


def test_names_have_several_forms() -> None:
    assert names.pascal("blog_post") == "BlogPost"
    assert names.kebab("blog_posts") == "blog-posts"
    assert names.spaced("blog_post") == "blog post"
    assert names.snake("HTTPServer name") == "httpserver_name"


def test_the_article_is_that_of_the_spoken_word() -> None:
    things = ("order line", "user", "unit", "update", "post")

    articles = [names.with_article(thing).partition(" ")[0] for thing in things]

    assert articles == ["an", "a", "a", "an", "a"]


def test_what_stands_instead_of_a_reserved_name_is_not_reserved() -> None:
    for reserved in (
        "class",
        "type",
        "id",
        "json",
        "model_config",
        "sqlmodel_id",
        "limit",
        "print",
    ):
        assert names.why_reserved(reserved)
        assert not names.why_reserved(names.instead_of(reserved)), reserved
