"""Reading and writing glTF, hardened against damaged and hostile files."""
