"""What an editor shows of authors' files: names and their places, completion, renaming, fixes.

Pure: texts in, values out. Files are read and the protocol is spoken by tools/language_server.
"""
