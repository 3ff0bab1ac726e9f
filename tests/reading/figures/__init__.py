"""Never another figure: tables of every layout, a second reader, files with their figures."""
