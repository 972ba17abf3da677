"""Pages: the consolidated figures, the committee's sheet, the first page of each role."""
