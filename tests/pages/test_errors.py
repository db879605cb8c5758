"""Errors that people meet in a browser are pages of our own, without anything of the request in them."""

import pytest
from django.template.loader import render_to_string
from django.test import Client


@pytest.mark.django_db
def test_a_page_that_is_not_there(client: Client) -> None:
    response = client.get("/nope/<script>")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content
    assert b"nope" not in response.content


def test_a_host_that_is_not_ours(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert b"could not be read" in response.content
    assert b"evil" not in response.content


@pytest.mark.parametrize(
    "page", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]
)
def test_each_page_renders_without_a_request(page: str) -> None:
    """As Django renders it when all else has failed."""
    written = render_to_string(page)
    assert written.count("<h1>") == 1
    assert 'lang="en-gb"' in written


@pytest.mark.django_db
def test_under_api_an_error_stays_a_problem(client: Client) -> None:
    response = client.get("/api/v1/nope")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
