"""Development: D-score engine, checks by band, motor windows, instruments."""

from healthvisit.development.dscore import ENGINE_VERSION, DScore, daz, decimal_age, dscore, row_at

__all__ = ["ENGINE_VERSION", "DScore", "daz", "decimal_age", "dscore", "row_at"]
