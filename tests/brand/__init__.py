"""Tests of the KPI builder: the form, what it gives, proposals, impact, history, needed data."""
