"""Periods, reports, measurements, evidence, review and lights: what came of the promises, month by month."""
