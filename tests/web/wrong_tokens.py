"""Tokens that are wrong in one way each: what they say, and who has signed them."""

from tests.web import small_provider
from tests.web.small_provider import CLIENT

WRONG = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": ...},
    "another audience": {"aud": "another-client"},
    "no audience": {"aud": ...},
    "several audiences, not for us": {"aud": [CLIENT, "other"], "azp": "other"},
    "expired": {"exp": 1_000_000_000},
    "no end": {"exp": ...},
    "an end that is text": {"exp": "never"},
    "issued in ten years": {"iat": 2_100_000_000, "nbf": 2_100_000_000},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": ...},
    "no subject": {"sub": ...},
    "a subject that is a list": {"sub": ["subject-1"]},
    "an empty subject": {"sub": ""},
    "a broken subject": {"sub": "\ud800"},
    "an address that nobody checked": {"email_verified": False},
    "no word on the address": {"email_verified": ...},
    "a word that is not yes": {"email_verified": "true"},
    "no address": {"email": ...},
    "an address that is a list": {"email": ["ann@example.org"]},
    "an address with a NUL": {"email": "ann\0@example.org"},
    "a broken address": {"email": "\udfff@example.org"},
    "a nobody": {"email": "nobody-here@example.org"},
    "a pattern": {"email": "%"},
}

SIGNED = {
    "alg none": small_provider.unsigned,
    "another key": small_provider.signed_by_another,
    "the public key as a secret": small_provider.signed_with_the_public_key,
    "the client's secret": small_provider.signed_with_the_client_secret,
    "changed afterwards": small_provider.changed_afterwards,
    "nothing": lambda _: "",
    "no token": lambda _: "a.b.c",
    "two parts": lambda claims: small_provider.signed(claims).rpartition(".")[0],
    "a number": lambda _: 7,
}
