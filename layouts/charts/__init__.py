"""Charts: read models in, plain dicts or HTML out. Only what needs a hover is a figure of Plotly.

A figure names its colours by the tokens of the style sheet; the browser's script looks them up when
it draws, so that a figure knows no theme.
"""
