"""`xrdrama lsp`: diagnostics, completion and more for editors, over stdio."""
