"""Judge a submission against checklists."""
