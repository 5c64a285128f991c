"""The language of an answer: the reader's own; before they sign in, what their browser asks for."""

from itertools import islice

from flask import Flask, request

from kpi_engine import language


def speak_as_asked(server: Flask) -> None:
    """Begin every request in the language that the browser asks for, and leave none behind.

    Who is signed in is spoken to in the language of their locale: the guard says so, once it knows.
    """

    @server.before_request
    def begin() -> None:
        language.speak(_wanted())

    @server.teardown_request
    def end(_error: BaseException | None) -> None:
        language.speak(language.SOURCE)


_MOST = 20
"""So many languages of a browser are looked at; people have set fewer."""


def _wanted() -> str:
    """The language of ours that a browser would rather have than the others; English for none.

    'de-CH, en;q=0.5' asks for German: what stands first counts, in whatever country it is spoken.
    """
    for code, quality in islice(request.accept_languages, _MOST):
        if quality > 0 and language.known(code) == code.partition("-")[0].lower():
            return code
    return language.SOURCE
