"""How the tables came to be, step by step. A file's name is its number and a sentence.

Expand, move, contract: no step drops what the release before it still uses. Row-level security is
forced, so also the owner sees no row here: a step that moves rows lifts it for its transaction with
`row_security.lifted` and puts it back.
"""

HEAD = "0022"
"""The version that this release works with; numbers are compared as text, four digits each."""
