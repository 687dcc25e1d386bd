"""Turn the cells of a workbook into typed responses and problems."""
