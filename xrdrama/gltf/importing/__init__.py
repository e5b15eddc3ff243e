"""Other forms of models as plain glTF: compressed glTF, OBJ, KTX2 pictures. Bytes in, bytes out."""
