"""The language of an answer: the reader's own; before they sign in, what their browser asks for."""

from flask import Flask, request

from kpi_engine import language


def speak_as_asked(server: Flask) -> None:
    """Begin every request in the language that the browser asks for, and leave none behind.

    Who is signed in is spoken to in the language of their locale: the guard says so, once it knows.
    """

    @server.before_request
    def begin() -> None:
        language.speak(request.accept_languages.best_match(language.languages()) or language.SOURCE)

    @server.teardown_request
    def end(_error: BaseException | None) -> None:
        language.speak(language.SOURCE)
