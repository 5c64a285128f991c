"""How signing in by a provider fails: it does not answer, or somebody can't come in by it."""

from kpi_engine.language import tr
from portal.errors import PortalError, SignInFailedError


class ProviderDownError(PortalError):
    """The provider does not answer as one."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "Your company's sign-in provider does not answer. Try again in a few minutes, or"
                " sign in with your password."
            )
        )


class ProviderRefusedError(SignInFailedError):
    """Somebody can't come in this way; the text says why as far as it may be said."""

    def __init__(self, sentence: str, why: str) -> None:
        Exception.__init__(self, sentence)
        self.why = why
