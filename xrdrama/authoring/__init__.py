"""What authors are told about their files: checks across story and set, canonical form, maps."""
