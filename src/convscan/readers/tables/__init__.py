"""What the readers of tables and of flat messages share: rows, columns, groups, threads."""
