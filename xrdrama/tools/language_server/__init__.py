"""`xrdrama language-server`: diagnostics, completion and more for editors, over stdio."""
