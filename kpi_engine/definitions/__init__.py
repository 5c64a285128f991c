"""KPI definitions: kinds, expressions, the YAML reader, rules and fingerprints."""
