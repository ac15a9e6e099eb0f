"""The year's plan: sections, tasks, responsibilities, targets and deliverables, adopted from a confirmed document."""
