"""Reading a workbook under guard: one reader, and a count beside it that does not trust the reader."""
