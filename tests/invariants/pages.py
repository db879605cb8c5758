"""What recipients do on their page, as a browser does it."""

import re

import httpx


def rotation_form(page: str) -> str | None:
    return next(
        (form for form in re.findall(r"<form.*?</form>", page, re.S) if 'action="new-code/' in form), None
    )


def ask_for_a_new_code(link: str, *, must_be_there: bool = True) -> None:
    """What the recipient does on their page: the form that rotates the code, where it is there."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as browser:
        form = rotation_form(browser.get(link).text)
        if not must_be_there and form is None:
            return
        assert form
        action = re.search(r'action="([^"]*)"', form)
        assert action
        target = httpx.URL(link).join(action[1])
        origin = f"{target.scheme}://{target.netloc.decode()}"
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
        answer = browser.post(target, data=fields, headers={"Origin": origin})
        assert answer.status_code == 200, answer.status_code
